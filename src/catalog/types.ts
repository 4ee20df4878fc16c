// GPUs and models: every figure with its source.

/** A number and where it comes from. `note` says what is uncertain. */
export interface Fact<T = number> {
  readonly value: T;
  readonly source: string;
  /** ISO date on which the source was read, or the price was valid. */
  readonly date: string;
  readonly note?: string;
}

export interface Gpu {
  readonly id: string;
  readonly name: string;
  readonly vendor: string;
  readonly architecture: string;
  readonly launchYear: number;
  readonly memoryBytes: Fact;
  /** Share of memoryBytes that a process can allocate: driver, context and inline ECC take the rest. */
  readonly allocatableShare: Fact;
  readonly memoryBytesPerS: Fact;
  /** Dense peak, FLOP/s. */
  readonly bf16FlopsPerS: Fact;
  /** Null: no native support. */
  readonly fp8FlopsPerS: Fact<number | null>;
  /** Bytes/s per device, one direction, inside the scale-up domain. */
  readonly linkBytesPerS: Fact;
  readonly linkName: string;
  readonly scaleUpDomain: Fact;
  readonly hostBytesPerS: Fact<number | null>;
  readonly tdpWatts: Fact<number | null>;
  /** US dollars per device hour; null: no price known, the user must give one. */
  readonly pricePerHour: Fact<number | null>;
  readonly notes: string;
}

export interface Model {
  readonly id: string;
  readonly name: string;
  readonly family: string;
  /** Where the shape below was read. */
  readonly source: string;
  readonly layers: number;
  readonly hidden: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
  readonly attention: "mha" | "gqa" | "mla";
  readonly ffn: number;
  readonly gatedFfn: boolean;
  readonly vocab: number;
  readonly tiedEmbeddings: boolean;
  readonly maxContext: number;
  /** Type of the released weights. */
  readonly nativeDtype: "bf16" | "fp16" | "fp8" | "mxfp4";
  /** Local attention: window in tokens, local layers per global one. */
  readonly slidingWindow: { readonly tokens: number; readonly localPerGlobal: number } | null;
  readonly moe: {
    readonly experts: number;
    readonly expertsPerToken: number;
    readonly ffn: number;
    readonly sharedExperts: number;
    readonly firstDenseLayers: number;
  } | null;
  /** Multi-head latent attention: ranks of the latents and sizes of a head's parts. */
  readonly mla: {
    readonly queryRank: number;
    readonly kvRank: number;
    readonly ropeDim: number;
    readonly nopeDim: number;
    readonly valueDim: number;
  } | null;
  /** Parameters in all, and those that one token uses. */
  readonly params: Fact;
  readonly activeParams: Fact;
  /** 16-bit weights and cache. */
  readonly weightBytes: Fact;
  readonly kvBytesPerToken: Fact;
  readonly notes: string;
}
