// Traces as columns, and what reading one reports. Formats and readers: formats/.

/** A request trace: one entry per accepted row, sorted by time (ties in file order). */
export interface Trace {
  readonly length: number;
  /** Seconds from the first row. */
  readonly arrivedAt: Float64Array;
  readonly promptTokens: Int32Array;
  /** 0 marks a request that failed at its origin. */
  readonly outputTokens: Int32Array;
  /** Index into tenantNames; absent when the format has no tenants. */
  readonly tenant: Uint16Array | null;
  readonly tenantNames: readonly string[];
  /** Conversation number, -1 for none; absent when the format has none. */
  readonly session: Int32Array | null;
  /** Hashes of prompt blocks: entry i owns ids[start[i] .. start[i + 1]). */
  readonly prefix: { readonly blockTokens: number; readonly start: Uint32Array; readonly ids: Int32Array } | null;
}

/** One kind of problem found while reading, with its place. */
export interface TraceProblem {
  /** Stable identifier, such as "negative-tokens". */
  readonly code: string;
  /** "refused": the rows were left out; "noted": they were kept. */
  readonly effect: "refused" | "noted";
  readonly count: number;
  /** The first lines concerned (1-based physical lines), at most 20. */
  readonly lines: readonly number[];
  /** One sentence: what, where, what was done. */
  readonly text: string;
}

export interface TraceStatistics {
  readonly durationS: number;
  readonly requestsPerS: number;
  readonly promptTokens: {
    readonly mean: number;
    readonly p50: number;
    readonly p90: number;
    readonly p99: number;
    readonly max: number;
    readonly sum: number;
  };
  readonly outputTokens: {
    readonly mean: number;
    readonly p50: number;
    readonly p90: number;
    readonly p99: number;
    readonly max: number;
    readonly sum: number;
  };
  readonly sessions: number;
  readonly tenants: number;
}

export interface TraceReport {
  readonly file: string;
  /** Id of the format found. */
  readonly format: string;
  readonly rowsRead: number;
  readonly accepted: number;
  readonly refused: number;
  /** Of the accepted, rows with no output tokens: kept as failed requests. */
  readonly failed: number;
  readonly problems: readonly TraceProblem[];
  readonly statistics: TraceStatistics | null;
  /** SHA-256 of the uncompressed bytes, hex. */
  readonly hash: string;
  readonly bytes: number;
}

export type TraceOutcome =
  | { readonly ok: true; readonly trace: Trace; readonly report: TraceReport }
  /** Nothing is loaded. `code` is stable, `text` is one sentence for a person. `columns` is set when a column mapping by hand could help. */
  | {
      readonly ok: false;
      readonly code: string;
      readonly text: string;
      readonly report: TraceReport;
      readonly columns?: readonly string[];
    };

/** Column mapping by hand, for a table that no format recognises. */
export interface ColumnMapping {
  readonly time: string | null;
  readonly timeUnit: "s" | "ms" | "us" | "ns" | "date";
  readonly prompt: string;
  readonly output: string;
  readonly tenant: string | null;
  readonly session: string | null;
}
