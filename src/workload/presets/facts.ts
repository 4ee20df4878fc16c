// Facts of a measured workload, in the layout of the files that the presets come from: names are theirs. Seconds, tokens, requests per second.
// Any file of this layout can be turned into traffic (build.ts); unknown fields are ignored.

export interface Interpolated {
  readonly p: readonly number[];
}
export interface TokenQuantiles extends Interpolated {
  readonly tokens: readonly number[];
}
/** Published quantiles with the mean of the same data. */
export interface PooledQuantiles extends Interpolated {
  readonly v: readonly number[];
  readonly mean: number;
}

/** Gamma gaps in unit-rate time; the rate is mean_rate_per_s times the relative rate of each bucket, over and over. */
export interface PiecewiseGammaFacts {
  readonly model: "piecewise-gamma-renewal";
  readonly mean_rate_per_s: number;
  readonly bucket_s: number;
  readonly relative_rate?: readonly number[];
  readonly relative_rate_by_hour_of_day?: readonly number[];
  readonly duration_s?: number;
  readonly gamma: { readonly shape: number };
}
/** Bursts of requests between silences. */
export interface OnOffFacts extends Interpolated {
  readonly model: "on-off-bursts";
  readonly mean_rate_per_s: number;
  readonly on_duration_s: readonly number[];
  readonly off_gap_s: readonly number[];
  readonly on_rate_per_s: readonly number[];
  readonly rank_correlation_duration_rate: number;
  readonly unit_gap: Interpolated & { readonly x: readonly number[] };
  readonly subburst: { readonly step_s: number; readonly sigma: number; readonly tau_s: number };
  readonly rate_correction: number;
  readonly duration_s?: number;
}
/** A number of requests at every tick. */
export interface TickFacts {
  readonly model: "tick-batches";
  readonly tick_s: number;
  readonly mean_rate_per_s: number;
  readonly count_per_tick: Interpolated & { readonly n: readonly number[] };
  readonly duration_s?: number;
}
export interface PoissonFacts {
  readonly model: "poisson";
  readonly mean_rate_per_s: number;
  /** Pause of a person between an answer and the next prompt, for workloads of conversations. */
  readonly think_time_s?: { readonly distribution: "lognormal"; readonly median: number; readonly sigma: number };
}
export interface SessionPoissonFacts {
  readonly model: "session-poisson";
  readonly sessions_per_hour: number;
}
/** Many clients, each with its own share of the rate and its own burstiness. */
export interface ClientMixtureFacts {
  readonly model: "client-mixture";
  readonly clients: number;
  readonly total_rate_per_s: { readonly mean: number };
  readonly client_share_sorted: readonly number[];
  readonly gap_cv_rate_weighted: Readonly<Record<string, number>>;
  readonly relative_rate_by_hour: readonly number[];
}
export type ArrivalFacts = PiecewiseGammaFacts | OnOffFacts | TickFacts | PoissonFacts | SessionPoissonFacts | ClientMixtureFacts;

export interface OutputBin {
  readonly prompt_min: number;
  readonly prompt_max: number;
  /** Share of the requests in this bin. */
  readonly weight: number;
  readonly output_q: readonly number[];
}
export interface OutputGivenPrompt extends Interpolated {
  readonly bins: readonly OutputBin[];
}

export interface LengthFacts {
  readonly model?: "log-linear-quantiles" | "mixture-of-lognormals";
  readonly prompt?: TokenQuantiles;
  readonly output?:
    TokenQuantiles | { readonly model: "clipped-lognormal"; readonly median_fraction_of_max: number; readonly sigma: number };
  readonly output_given_prompt?: OutputGivenPrompt;
  readonly input_tokens?: PooledQuantiles;
  readonly output_tokens?: PooledQuantiles;
  readonly user_tokens_per_turn?: TokenQuantiles;
  readonly assistant_tokens_per_turn?: TokenQuantiles;
  readonly within_task_cv?: number;
  readonly components?: readonly { readonly weight: number; readonly mean_prompt_tokens: number; readonly max_output_tokens: number }[];
}

export interface SessionFacts {
  readonly p?: readonly number[];
  // Requests that continue an earlier one, sharing blocks of its prompt.
  readonly block_tokens?: number;
  readonly shared_root_blocks?: number;
  readonly p_continue?: number;
  readonly p_full_chain?: number;
  readonly gap_to_parent_s?: readonly number[];
  readonly growth_tokens?: readonly number[];
  readonly partial_keep_fraction?: readonly number[];
  readonly new_prompt?: TokenQuantiles;
  // Agent sessions: turn after turn on a growing context.
  readonly turns?: { readonly sorted_values?: readonly number[]; readonly mean?: number };
  readonly first_prompt_tokens?: readonly number[];
  readonly growth_tokens_per_turn?: readonly number[];
  readonly context_reset_probability?: number;
  readonly context_reset_drop_tokens?: { readonly p50: number };
  readonly think_time_s?: readonly number[];
  readonly output_tokens?: readonly number[];
  // Chats: each round resends the whole history.
  readonly rounds_per_conversation?: readonly number[];
  readonly gap_between_turns_s?: { readonly p10: number; readonly p50: number; readonly p90: number };
}

export interface WorkloadFacts {
  readonly id: string;
  readonly arrivals: ArrivalFacts;
  readonly lengths?: LengthFacts;
  readonly sessions?: SessionFacts;
  /** How popular the system prompts are, which start every prompt. */
  readonly components?: {
    readonly sys_prompt?: {
      readonly unique: number;
      readonly top1_share: number;
      readonly top10_share: number;
      readonly top100_share: number;
      readonly tokens_p50: number;
    };
  };
  readonly constraints?: { readonly max_total_tokens?: number };
  readonly correlation?: { readonly spearman?: number | null };
}
