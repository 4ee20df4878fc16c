// Traces that a person dropped: what is being read, what came of it, and which are kept on this machine.
import { create } from "zustand";
import type { TraceOutcome, TraceReport } from "../../workload/types.ts";

export interface Reading {
  readonly file: string;
  /** Bytes. */
  readonly done: number;
  readonly total: number;
  /** Null where rows are not counted. */
  readonly rows: number | null;
}

export interface KeptTrace {
  readonly hash: string;
  readonly file: string;
  readonly report: TraceReport;
}

export interface TraceState {
  readonly reading: Reading | null;
  /** Outcome of the last file, until it is dismissed. */
  readonly outcome: TraceOutcome | null;
  /** The file itself, for a second reading with columns mapped by hand. */
  readonly file: File | null;
  readonly kept: readonly KeptTrace[];
  /** A scenario names this trace or profile, and it is not on this machine. */
  readonly missing: { readonly file: string; readonly hash: string } | null;
}

export const useTraceStore = create<TraceState>()(() => ({ reading: null, outcome: null, file: null, kept: [], missing: null }));
