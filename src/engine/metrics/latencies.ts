// Latencies of a batch of ended requests, worked out from the columns of the log into buffers that are used again.
import { Status } from "../contracts.ts";
import type { Timings } from "./request-log.ts";

/** Most rows of a batch. */
export const BATCH_ROWS = 1024;

export class Latencies {
  /** Seconds by row of the batch; NaN where a request has none. */
  readonly ttft = new Float64Array(BATCH_ROWS);
  readonly tpot = new Float64Array(BATCH_ROWS);
  readonly e2e = new Float64Array(BATCH_ROWS);
  /** From arrival to the first batch that held the request. */
  readonly queueing = new Float64Array(BATCH_ROWS);

  /** Fills the buffers from the rows [from, to) of the log's columns. */
  fill({ status, arrivedAt, scheduledAt, firstTokenAt, finishedAt, outputTokens }: Timings, from: number, to: number): void {
    const { ttft, tpot, e2e, queueing } = this;
    for (let row = from; row < to; row++) {
      const i = row - from;
      const arrived = arrivedAt[row]!;
      const first = firstTokenAt[row]!;
      const finished = finishedAt[row]!;
      const gaps = outputTokens[row]! - 1;
      ttft[i] = first - arrived;
      queueing[i] = scheduledAt[row]! - arrived;
      // Written over where there is none: choosing between a number and NaN first makes V8 allocate for every row.
      e2e[i] = finished - arrived;
      tpot[i] = (finished - first) / gaps;
      if (status[row] === Status.completed && gaps > 0) continue;
      tpot[i] = NaN;
      if (status[row] !== Status.completed) e2e[i] = NaN;
    }
  }
}
