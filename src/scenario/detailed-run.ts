// A run with the recorders that cost something for every iteration: details, and a trace of batches.
import { BatchTrace } from "../engine/metrics/batch-trace.ts";
import type { BatchTraceOptions } from "../engine/metrics/batch-trace.ts";
import { DetailRecorder } from "../engine/metrics/detail-recorder.ts";
import { partsOf } from "../latency/parts.ts";
import type { OpenProfile } from "../latency/types.ts";
import { shardOf } from "./build.ts";
import type { RunDetails } from "./detail-files.ts";
import type { RunResults } from "./files.ts";
import { perfettoText, traceNotes } from "./perfetto.ts";
import { createRun } from "./run.ts";
import type { Run, RunOptions } from "./run.ts";
import type { Scenario } from "./types.ts";

export interface DetailedRunOptions extends Omit<RunOptions, "recorders"> {
  readonly detail: boolean;
  /** Null: none. */
  readonly batchTrace: BatchTraceOptions | null;
}

export interface DetailedRun {
  readonly run: Run;
  /** Whether the trace has all that belongs into its window; false when there is none. */
  readonly traced: boolean;
  /** Ends the run where it stands. */
  end(): void;
  /** Results with the details that were asked for. Ends the run where it stands if it is not over. */
  results(): RunResults;
  /** Details so far; the run may go on. */
  details(): RunDetails | undefined;
  /** The trace as the text of a file, and a sentence for each thing that it leaves out. Ends the run unless `traced`. */
  perfetto(): { readonly chunks: () => Iterable<string>; readonly notes: readonly string[] };
}

export function createDetailedRun(scenario: Scenario, options: DetailedRunOptions): DetailedRun {
  const { detail, batchTrace, ...rest } = options;
  let recorder: DetailRecorder | null = null;
  const tracer = batchTrace === null ? null : new BatchTrace(batchTrace);
  const run = createRun(scenario, {
    ...rest,
    recorders: (config) => {
      const profiles = options.profiles ?? new Map<string, OpenProfile>();
      const parts = scenario.pools.map((pool) =>
        partsOf(pool.latency, shardOf(scenario, pool), { profiles, blockSize: pool.kv.blockSize }),
      );
      recorder = detail ? new DetailRecorder(config, { keepBatches: true, parts }) : null;
      return [recorder, tracer].filter((one) => one !== null);
    },
  });
  const { simulation } = run;
  const details = (): RunDetails | undefined => {
    const it = recorder as DetailRecorder | null;
    if (it === null) return undefined;
    return {
      detail: it.detail(run.summary(false).makespan),
      counts: it.counts(),
      batches: it.batchColumns()!,
      requestTimes: it.requestColumns(),
    };
  };
  const end = (): void => {
    simulation.finish();
    (recorder as DetailRecorder | null)?.finish();
    tracer?.finish();
  };
  return {
    run,
    get traced() {
      return tracer?.complete ?? false;
    },
    details,
    end,
    results: () => {
      end();
      const made = details();
      return made === undefined ? run.results() : { ...run.results(), details: made };
    },
    perfetto: () => {
      if (tracer === null || batchTrace === null) throw new Error("The run records no trace.");
      if (!tracer.complete) end();
      const trace = tracer.result();
      const { maxEvents } = batchTrace;
      const replicas = simulation.replicas.map(({ pool, position }) => ({ pool, position }));
      return {
        chunks: () => perfettoText({ scenario, config: run.config, replicas, trace, maxEvents }),
        notes: traceNotes(trace, maxEvents),
      };
    },
  };
}
