// Sessions whose next turn waits for the answer to the last one and for the user (or tool) to react: agents and chats. Each turn sends the
// whole context again, so that all of it but the newest part is a shared prefix.
import { drawNormal, exp } from "../../engine/kernel/math.ts";
import type { Random } from "../../engine/kernel/random.ts";
import { quantileAt, quantileMean, quantileTable } from "../synth/quantiles.ts";
import { wholeTokens } from "../synth/types.ts";
import type { WorkloadFacts } from "./facts.ts";

/** What a session does next. Columns by session slot; slots are reused after the session ends. */
export interface TurnState {
  /** Turns still to send. */
  left: Int32Array;
  /** Prompt of the last turn, and the tokens of its answer. */
  prompt: Int32Array;
  output: Int32Array;
  /** Which unbroken context of the session this is: prefixes are shared within one. */
  context: Float64Array;
  contexts: number;
}

export interface TurnLaw {
  readonly blockTokens: number;
  readonly meanTurns: number;
  /** Largest context, tokens; ids of blocks are kept apart by it. */
  readonly largest: number;
  /** The next prompt of a context holds the last one and its answer: so the content of answers is known. */
  readonly keepsAnswers?: boolean;
  /** Every context begins with so many blocks of one of some kinds. */
  readonly shared?: { readonly blocks: number; readonly kinds: number };
  /** Draws the number of turns of a new session. */
  turns(): number;
  /** Prompt of the next turn. `fresh` is set by the law when the context starts anew. */
  prompt(state: TurnState, slot: number, first: boolean): number;
  output(): number;
  /** Pause before the next turn, seconds. */
  think(): number;
}

const pickFrom = (values: readonly number[], random: Random): number => values[random.below(values.length)]!;

/** A new context: nothing of it was seen before. */
export function newContext(state: TurnState, slot: number): void {
  state.context[slot] = state.contexts++;
}

/** Coding agents: a large first prompt, growth per turn, rare resets of the context. */
function agentTurns(facts: WorkloadFacts, random: (name: string) => Random): TurnLaw {
  const sessions = facts.sessions!;
  const p = sessions.p!;
  const [length, think] = [random("lengths"), random("think")];
  const turnCounts = sessions.turns!.sorted_values!;
  const growth = quantileTable(p, sessions.growth_tokens_per_turn!);
  const pauses = quantileTable(p, sessions.think_time_s!);
  const outputs = quantileTable(p, sessions.output_tokens!);
  const reset = sessions.context_reset_probability ?? 0;
  const drop = sessions.context_reset_drop_tokens?.p50 ?? 0;
  const firstPrompts = sessions.first_prompt_tokens!;
  const smallest = firstPrompts.reduce((a, b) => Math.min(a, b), Infinity);
  // No prompt of the sample is longer than 847,831 tokens (summary of its 3,376 requests): there the context is cut as at a reset.
  const largest = 847831;
  return {
    blockTokens: 64,
    meanTurns: turnCounts.reduce((sum, turns) => sum + turns, 0) / turnCounts.length,
    largest,
    turns: () => pickFrom(turnCounts, length),
    prompt: (state, slot, first) => {
      if (first) {
        newContext(state, slot);
        return pickFrom(firstPrompts, length);
      }
      const grown = state.prompt[slot]! + Math.round(quantileAt(growth, length.uniform()));
      if (length.uniform() >= reset && grown <= largest) return Math.max(1, grown);
      newContext(state, slot);
      return Math.max(smallest, Math.min(grown, largest) + drop);
    },
    output: () => wholeTokens(quantileAt(outputs, length.uniform())),
    think: () => quantileAt(pauses, think.uniform()),
  };
}

/** Chats: every round resends the history and adds what the user wrote. */
function chatTurns(facts: WorkloadFacts, random: (name: string) => Random): TurnLaw {
  const sessions = facts.sessions!;
  const lengths = facts.lengths!;
  const rounds = quantileTable(sessions.p!, sessions.rounds_per_conversation!);
  const users = quantileTable(lengths.user_tokens_per_turn!.p, lengths.user_tokens_per_turn!.tokens);
  const answers = quantileTable(lengths.assistant_tokens_per_turn!.p, lengths.assistant_tokens_per_turn!.tokens);
  const pause = (facts.arrivals.model === "poisson" ? facts.arrivals.think_time_s : undefined) ?? { median: 30, sigma: 1 };
  // Rank correlation of a turn's question and answer: this share of the turns has the same rank in both.
  const together = facts.correlation?.spearman ?? 0;
  const [length, think] = [random("lengths"), random("think")];
  const memory = { rank: 0 };
  return {
    blockTokens: 16,
    keepsAnswers: true,
    meanTurns: quantileMean(rounds),
    largest: 1048576,
    turns: () => wholeTokens(quantileAt(rounds, length.uniform())),
    prompt: (state, slot, first) => {
      memory.rank = length.uniform();
      const added = wholeTokens(quantileAt(users, memory.rank));
      if (first) {
        newContext(state, slot);
        return added;
      }
      return Math.min(1048576, state.prompt[slot]! + state.output[slot]! + added);
    },
    output: () => {
      const own = length.uniform();
      return wholeTokens(quantileAt(answers, length.uniform() < together ? memory.rank : own));
    },
    think: () => pause.median * exp(pause.sigma * drawNormal(think)),
  };
}

export function turnLaw(facts: WorkloadFacts, random: (name: string) => Random): TurnLaw | null {
  if (facts.sessions?.growth_tokens_per_turn) return agentTurns(facts, random);
  return facts.sessions?.rounds_per_conversation && facts.lengths?.user_tokens_per_turn ? chatTurns(facts, random) : null;
}
