// The figures of a run's steady part: the same quantities over a window of its arrivals, and where that window might be.
import { Status } from "../engine/contracts.ts";
import { requestFigures } from "../engine/metrics/request-metrics.ts";
import type { Distribution, RequestLog, Summary } from "../engine/metrics/results.ts";
import { distributionOf } from "../engine/metrics/sorted.ts";
import { settlingOf } from "./settling.ts";
import type { Settling, Window } from "./types.ts";

/** Rows of the log by request id, which is the order of arrival: rows of ended requests only. */
function byArrival(log: RequestLog): Int32Array {
  const rows = new Int32Array(log.length);
  for (let row = 0; row < log.length; row++) rows[log.id[row]!] = row;
  return rows;
}

/** The summary with its latencies, times in queue, attainment, throughput and goodput over the requests [from, to) of all, by arrival; rates per second of their arrivals. */
export function windowedSummary(summary: Summary, log: RequestLog, window: Window): Summary {
  const rows = byArrival(log);
  const [first, end] = window.map((share) => Math.round(share * rows.length)) as [number, number];
  const inside = rows.subarray(first, end);
  const buffer = new Float64Array(inside.length);
  const of = (figure: (row: number) => number): Distribution => {
    let count = 0;
    for (let i = 0; i < inside.length; i++) {
      const value = figure(inside[i]!);
      if (value === value) buffer[count++] = value;
    }
    return distributionOf(buffer.subarray(0, count));
  };
  let ended = 0;
  let completed = 0;
  let met = 0;
  for (let i = 0; i < inside.length; i++) {
    const row = inside[i]!;
    if (log.status[row] !== Status.unfinished) ended++;
    if (log.status[row] === Status.completed) completed++;
    met += log.met[row]!;
  }
  // To the next arrival, where there is one.
  const begin = inside.length === 0 ? 0 : log.arrivedAt[inside[0]!]!;
  const until = end < rows.length ? log.arrivedAt[rows[end]!]! : summary.makespan;
  const perSecond = (count: number): number => (until > begin ? count / (until - begin) : 0);
  return {
    ...summary,
    ttft: of((row) => log.firstTokenAt[row]! - log.arrivedAt[row]!),
    tpot: of((row) => requestFigures.tpot(log, row)),
    e2e: of((row) => requestFigures.e2e(log, row)),
    queueing: of((row) => log.scheduledAt[row]! - log.arrivedAt[row]!),
    throughput: { ...summary.throughput, requestsPerS: perSecond(completed) },
    slo: {
      ...summary.slo,
      attainment: ended === 0 ? null : met / ended,
      goodputPerS: perSecond(met),
    },
  };
}

/** By the end-to-end latency of completed requests in the order of their arrival. */
export function settlingOfRun(log: RequestLog): Settling {
  const values = Float64Array.from(byArrival(log), (row) => requestFigures.e2e(log, row));
  return settlingOf(values.filter((value) => value === value));
}
