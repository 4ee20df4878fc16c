// Messages between the page and its workers: types only. Calls go through comlink; big data is transferred, not copied.
import type { SweepAnswer } from "../../analysis/sweep-host.ts";
import type { Scenario } from "../../scenario/types.ts";
import type { ColumnMapping, Trace, TraceOutcome } from "../../workload/types.ts";

export type { Progress, RunListener, RunPicture, SimulationHost, Speed, StartOptions } from "../../scenario/session-types.ts";

/** The trace worker. */
export interface TraceHost {
  /** Reads a file as a stream; progress counts bytes. A second call cancels the first. */
  read(file: File, mapping: ColumnMapping | null, onProgress: (done: number, total: number, rows: number) => void): Promise<TraceOutcome>;
  cancel(): Promise<void>;
}

/** A sweep worker: runs of an experiment, one at a time. Ending the worker ends its run. */
export interface SweepHost {
  /** The trace that the scenarios run on; before the first run. */
  useTrace(trace: Trace | null): Promise<void>;
  run(scenario: Scenario): Promise<SweepAnswer>;
}
