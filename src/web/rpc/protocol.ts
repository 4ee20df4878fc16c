// Messages between the page and its workers: types only. Calls go through comlink; big data is transferred, not copied.
import type { FairnessCurves, FairnessQuestion } from "../../analysis/fairness-curves.ts";
import type { BenchmarkRun } from "../../analysis/benchmark-table.ts";
import type { Calibration, CalibrationProgress } from "../../latency/calibrate/types.ts";
import type { SweepAnswer, SweepFiles } from "../../analysis/sweep-host.ts";
import type { Measure } from "../../analysis/types.ts";
import type { ProfileOutcome } from "../../latency/profile/types.ts";
import type { Scenario } from "../../scenario/types.ts";
import type { ColumnMapping, TraceOutcome } from "../../workload/types.ts";

export type {
  FleetNews,
  PictureMessage,
  Progress,
  RunListener,
  RunPicture,
  SimulationHost,
  Speed,
  StartOptions,
} from "../../scenario/session-types.ts";
export type { DecodeSlices } from "../../engine/metrics/batch-trace.ts";
export type {
  FitAnswer,
  FitBadge,
  FitEvent,
  FitHost,
  FitInput,
  FitReadOutcome,
  FitRequest,
  FittedForm,
} from "../../latency/fit/session-types.ts";
export type { ReplayDetail, ReplayFiles, ReplayHost } from "../../scenario/replay.ts";

/** The trace worker. */
export interface TraceHost {
  /** Reads a file as a stream; progress counts bytes. A second call cancels the first. */
  read(file: File, mapping: ColumnMapping | null, onProgress: (done: number, total: number, rows: number) => void): Promise<TraceOutcome>;
  /** Reads the files of one profile of operator times; progress counts bytes of all of them. */
  readProfile(files: readonly File[], onProgress: (done: number, total: number, file: string) => void): Promise<ProfileOutcome>;
  cancel(): Promise<void>;
}

/** A sweep worker: runs of an experiment, one at a time. Ending the worker ends its run. */
export interface SweepHost {
  /** The trace and the profiles that the scenarios name; before the first run. */
  useFiles(files: SweepFiles): Promise<void>;
  run(scenario: Scenario, measure?: Measure): Promise<SweepAnswer>;
}

/** The fairness worker. */
export interface FairnessHost {
  /** Curves and figures of the tenants of a run so far. */
  curves(question: FairnessQuestion): FairnessCurves;
}

/** The calibration worker. Ending it cancels. */
export interface CalibrationHost {
  calibrate(
    runs: readonly BenchmarkRun[],
    base: Scenario,
    onProgress: (progress: CalibrationProgress) => void,
  ): Promise<{ readonly ok: true; readonly calibration: Calibration } | { readonly ok: false; readonly error: string }>;
}
