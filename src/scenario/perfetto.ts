// A recorded run in the Chrome trace event format (JSON), which Perfetto opens: one process per replica, one thread per pipeline stage.
// The format: "Trace Event Format", Google, docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU.
import { REPLICA_STATE_NAMES } from "../engine/contracts.ts";
import type { SimulationConfig } from "../engine/config.ts";
import type { BatchTraceResult } from "../engine/metrics/batch-trace.ts";
import { initialsOf } from "../engine/metrics/fleet-recorder.ts";
import { decimal } from "./decimal.ts";
import { hashScenario } from "./hash.ts";
import { normalise } from "./normalise.ts";
import type { Scenario } from "./types.ts";
import { ENGINE_VERSION } from "./version.ts";

/** Events of a trace unless told otherwise: about 100 MB, which the viewer still takes. */
export const MAX_EVENTS = 500_000;
const ROWS_PER_CHUNK = 4096;

/** Where the replicas of the run stand, by index. */
export interface TracedReplica {
  readonly pool: number;
  readonly position: number;
}

export interface PerfettoInput {
  readonly scenario: Scenario;
  readonly config: SimulationConfig;
  readonly replicas: readonly TracedReplica[];
  readonly trace: BatchTraceResult;
  readonly maxEvents: number;
}

/** Whole nanoseconds: slices that follow one another meet exactly. */
const nanoseconds = (seconds: number): number => Math.round(seconds * 1e9);
/** The unit of the format is the microsecond. */
const micro = (ns: number): number => ns / 1000;

/** Process 0 is the idle process to the viewer, and so is thread 0. */
const processOf = (replica: number): number => replica + 1;
const threadOf = (stage: number): number => stage + 1;
/** The autoscaler of a pool, after all replicas. */
const autoscalerOf = ({ replicas }: PerfettoInput, pool: number): number => replicas.length + 1 + pool;

function sliceName(prefillTokens: number, decodes: number, iterations: number): string {
  if (prefillTokens > 0) return decodes > 0 ? "mixed" : "prefill";
  return iterations > 1 ? `decode x ${iterations}` : "decode";
}

/** What a reader of the trace must know about what it leaves out: one sentence each. */
export function traceNotes({ cut, merged, to }: BatchTraceResult, maxEvents: number): string[] {
  const most = String(maxEvents).replace(/\B(?=(\d{3})+$)/g, ",");
  const notes: string[] = [];
  if (merged)
    notes.push(
      `Decode iterations of the same requests stand as one slice (decode x k): one by one they would be more than ${most} events. A shorter window shows them singly.`,
    );
  if (cut)
    notes.push(`The trace ends at ${decimal(to)} s: with what comes after it would have more than ${most} events. Give a shorter window.`);
  return notes;
}

function* names(input: PerfettoInput): Generator<object> {
  const { config, replicas, trace } = input;
  const { slices, waiting, kvBlocks, preemptions, fleet, decisions } = trace;
  for (const pool of [...new Set(decisions.map((decision) => decision.pool))].sort((a, b) => a - b)) {
    const pid = autoscalerOf(input, pool);
    yield { ph: "M", pid, name: "process_name", args: { name: `Autoscaler of ${config.pools[pool]!.name}` } };
    yield { ph: "M", pid, name: "process_sort_index", args: { sort_index: pool - config.pools.length } };
  }
  const seen = new Set<number>(fleet.map(({ replica }) => replica));
  for (const { replica } of [slices, waiting, kvBlocks, preemptions]) for (const index of replica) seen.add(index);
  for (const index of [...seen].sort((a, b) => a - b)) {
    const { pool, position } = replicas[index]!;
    const { name, gpu, gpusPerReplica, stages } = config.pools[pool]!;
    const pid = processOf(index);
    yield { ph: "M", pid, name: "process_name", args: { name: `${initialsOf(config, pool)}${position + 1}` } };
    yield { ph: "M", pid, name: "process_labels", args: { labels: `${name}, ${gpusPerReplica} x ${gpu}` } };
    yield { ph: "M", pid, name: "process_sort_index", args: { sort_index: index } };
    for (let stage = 0; stage < stages; stage++)
      yield { ph: "M", pid, tid: threadOf(stage), name: "thread_name", args: { name: stages === 1 ? "batches" : `stage ${stage + 1}` } };
  }
}

function* slices({ slices: rows }: BatchTraceResult): Generator<object> {
  for (let i = 0; i < rows.start.length; i++) {
    const begin = nanoseconds(rows.start[i]!);
    const iterations = rows.iterations[i]!;
    const decodes = rows.decodeRequests[i]!;
    yield {
      ph: "X",
      pid: processOf(rows.replica[i]!),
      tid: threadOf(rows.stage[i]!),
      ts: micro(begin),
      dur: micro(nanoseconds(rows.end[i]!) - begin),
      name: sliceName(rows.prefillTokens[i]!, decodes, iterations),
      args: {
        requests: rows.prefillRequests[i]! + decodes,
        prefill_tokens: rows.prefillTokens[i]!,
        decode_tokens: decodes * iterations,
        kv_blocks: rows.kvBlocks[i]!,
        ...(iterations > 1 ? { iterations } : {}),
        ...(rows.lost[i] === 1 ? { lost: true } : {}),
      },
    };
  }
}

function* levels(name: string, unit: string, rows: BatchTraceResult["waiting"]): Generator<object> {
  for (let i = 0; i < rows.at.length; i++)
    yield { ph: "C", pid: processOf(rows.replica[i]!), ts: micro(nanoseconds(rows.at[i]!)), name, args: { [unit]: rows.value[i]! } };
}

/** What happened at a moment, on the track of its replica. */
function* moments({ preemptions, fleet }: BatchTraceResult): Generator<object> {
  for (let i = 0; i < preemptions.at.length; i++)
    yield {
      ph: "i",
      s: "p",
      pid: processOf(preemptions.replica[i]!),
      ts: micro(nanoseconds(preemptions.at[i]!)),
      name: "preempted",
      args: { request: preemptions.request[i]! },
    };
  for (const { at, replica, state, reason } of fleet)
    yield { ph: "i", s: "p", pid: processOf(replica), ts: micro(nanoseconds(at)), name: REPLICA_STATE_NAMES[state], args: { reason } };
}

const signed = (count: number): string => (count > 0 ? `+${count}` : String(count));

/** Changes that autoscalers asked for, on a track of their pool. */
function* scaling(input: PerfettoInput): Generator<object> {
  for (const { at, pool, answered, ordered, ready, starting, draining, leaving, because } of input.trace.decisions)
    yield {
      ph: "i",
      s: "p",
      pid: autoscalerOf(input, pool),
      ts: micro(nanoseconds(at)),
      name: `${signed(ordered)} replicas`,
      args: { answered, ordered, ready, starting, draining, leaving, because: Object.fromEntries(because) },
    };
}

/** The file, in pieces: a large trace never stands in memory as one string. */
export function* perfettoText(input: PerfettoInput): Generator<string> {
  const { scenario, trace, maxEvents } = input;
  const other = {
    scenario: scenario.name,
    scenarioHash: hashScenario(normalise(scenario)),
    engineVersion: ENGINE_VERSION,
    from: decimal(trace.from),
    to: trace.to === Infinity ? "end of the run" : decimal(trace.to),
    notes: traceNotes(trace, maxEvents),
  };
  let chunk = `{"displayTimeUnit":"ms","otherData":${JSON.stringify(other)},"traceEvents":[`;
  let count = 0;
  const parts = [
    names(input),
    slices(trace),
    levels("waiting", "requests", trace.waiting),
    levels("KV blocks", "blocks", trace.kvBlocks),
    moments(trace),
    scaling(input),
  ];
  for (const part of parts)
    for (const event of part) {
      chunk += `${count === 0 ? "" : ","}\n${JSON.stringify(event)}`;
      if (++count % ROWS_PER_CHUNK === 0) {
        yield chunk;
        chunk = "";
      }
    }
  yield `${chunk}\n]}\n`;
}
