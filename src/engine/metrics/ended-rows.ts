// A batch of ended requests on its way from their slots to counts, sketches, series and the log. All runs of a thread share these rows: whoever fills
// them works them off in the same call. They are constants of the module because JavaScript engines know where those lie and how long they are: a row of
// another array costs two to three times as much to read.
import { Status } from "../contracts.ts";
import type { Replica } from "../fleet/replica.ts";
import type { Requests } from "../fleet/requests.ts";

/** Most rows of a batch. */
export const BATCH_ROWS = 1024;

const ints = (): Int32Array => new Int32Array(BATCH_ROWS);
const floats = (): Float64Array => new Float64Array(BATCH_ROWS);

/** What is known of a request, by row. Counts are all arrays of one kind: a loop that meets several kinds is slow in JavaScript engines. */
export const rows = {
  id: ints(),
  tenant: ints(),
  sloClass: ints(),
  status: ints(),
  /** 1 when every SLO of the class was met; until that is worked out, 0 when it does not count (best effort). */
  met: ints(),
  pool: ints(),
  replica: ints(),
  promptTokens: ints(),
  outputTokens: ints(),
  preemptions: ints(),
  cachedTokens: ints(),
  predictedTokens: ints(),
  arrivedAt: floats(),
  scheduledAt: floats(),
  firstTokenAt: floats(),
  finishedAt: floats(),
} as const;

/** Latencies of the rows, seconds; NaN where a request has none. */
export const latencies = {
  ttft: floats(),
  tpot: floats(),
  e2e: floats(),
  /** From arrival to the first batch that held the request. */
  queueing: floats(),
} as const;

/** Fills the rows with ended requests, from the place `from` of their list on. Returns how many. */
export function gather(requests: Requests, replicas: readonly Replica[], from: number): number {
  const count = Math.min(requests.endedCount - from, BATCH_ROWS);
  for (let row = 0; row < count; row++) {
    const slot = requests.ended[from + row]!;
    const replica = requests.replica[slot]!;
    rows.id[row] = requests.id[slot]!;
    rows.tenant[row] = requests.tenant[slot]!;
    rows.sloClass[row] = requests.sloClass[slot]!;
    rows.status[row] = requests.status[slot]!;
    rows.met[row] = 1 - requests.bestEffort[slot]!;
    rows.pool[row] = replica < 0 ? -1 : replicas[replica]!.pool;
    rows.replica[row] = replica;
    rows.promptTokens[row] = requests.promptTokens[slot]!;
    rows.outputTokens[row] = requests.outputTokens[slot]!;
    rows.preemptions[row] = requests.preemptions[slot]!;
    rows.cachedTokens[row] = requests.cachedTokens[slot]!;
    rows.predictedTokens[row] = requests.predictedTokens[slot]!;
    rows.arrivedAt[row] = requests.arrivedAt[slot]!;
    rows.scheduledAt[row] = requests.scheduledAt[slot]!;
    rows.firstTokenAt[row] = requests.firstTokenAt[slot]!;
    rows.finishedAt[row] = requests.finishedAt[slot]!;
  }
  return count;
}

/** Works out the latencies of the first `count` rows. */
export function fillLatencies(count: number): void {
  for (let row = 0; row < count; row++) {
    const arrived = rows.arrivedAt[row]!;
    const first = rows.firstTokenAt[row]!;
    const finished = rows.finishedAt[row]!;
    const gaps = rows.outputTokens[row]! - 1;
    latencies.ttft[row] = first - arrived;
    latencies.queueing[row] = rows.scheduledAt[row]! - arrived;
    // Written over where there is none: choosing between a number and NaN first makes V8 allocate for every row.
    latencies.e2e[row] = finished - arrived;
    latencies.tpot[row] = (finished - first) / gaps;
    if (rows.status[row] === Status.completed && gaps > 0) continue;
    latencies.tpot[row] = NaN;
    if (rows.status[row] !== Status.completed) latencies.e2e[row] = NaN;
  }
}
