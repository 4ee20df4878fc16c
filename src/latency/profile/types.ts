// A profile of operator times as columns, and what reading one reports. Times are milliseconds on one device and, except for send_recv, of one layer.

/** What the rows of a table were measured for. Fields that a file does not tell are absent and fit anything. */
export interface TableKeys {
  /** Width of the model, its query heads, its KV heads; width of the FFN; 1 = gated; entries of the vocabulary. */
  readonly hidden?: number;
  readonly heads?: number;
  readonly kvHeads?: number;
  readonly ffn?: number;
  readonly gated?: number;
  readonly vocab?: number;
  readonly tensorParallel?: number;
  /** Tokens of a KV block. */
  readonly blockSize?: number;
  /** Processes that communicate, and how many of them share a node. */
  readonly workers?: number;
  readonly devicesPerNode?: number;
  /** Devices of a whole node. */
  readonly nodeDevices?: number;
}

/**
 * - ops: `tokens` ascending, and one column per operator of the same length.
 * - decode, prefill: a grid. `rows` (requests, or prompt tokens) and `kv` (tokens in the cache), both ascending; `ms` row by row.
 * - all_reduce, send_recv: `bytes` ascending, and `ms`.
 * A time of -1 was not measured.
 */
export interface ProfileTable {
  readonly kind: TableKind;
  readonly keys: TableKeys;
  readonly columns: Readonly<Record<string, Float64Array>>;
}

export const TABLE_KINDS = ["ops", "decode", "prefill", "all_reduce", "send_recv"] as const;
export type TableKind = (typeof TABLE_KINDS)[number];

/** Tables in canonical order (encode.ts). */
export interface OperatorProfile {
  readonly version: 1;
  readonly tables: readonly ProfileTable[];
}

export interface ProfileFileReport {
  readonly file: string;
  /** What was found in it: "Vidur mlp.csv", "table of decode attention", ... */
  readonly format: string;
  readonly rows: number;
  /** Uncompressed. */
  readonly bytes: number;
}

export interface ProfileTableReport {
  readonly kind: TableKind;
  readonly keys: TableKeys;
  /** Entries with a time, and entries without. */
  readonly times: number;
  readonly missing: number;
  /** Largest value of each axis, by its name: tokens, requests, context, chunk, bytes. */
  readonly upTo: Readonly<Record<string, number>>;
}

export interface ProfileReport {
  /** The name that scenarios give: of the file, or what the files have in common. */
  readonly file: string;
  /** SHA-256 of the canonical bytes, hex. */
  readonly hash: string;
  /** Length of the canonical bytes. */
  readonly bytes: number;
  readonly files: readonly ProfileFileReport[];
  readonly tables: readonly ProfileTableReport[];
}

export type ProfileOutcome =
  | { readonly ok: true; readonly profile: OperatorProfile; readonly report: ProfileReport }
  /** Nothing is loaded. "incomplete": what was read is sound, but tables are missing that other files may hold. */
  | { readonly ok: false; readonly code: "refused" | "incomplete" | "cancelled"; readonly text: string };
