// Figures of requests that follow from the columns that a run keeps anyway: worked out at the end, from all rows.
import { Status } from "../contracts.ts";
import type { Distribution, RequestLog } from "./results.ts";
import { distributionOf } from "./sorted.ts";

/** Times in seconds. Of completed requests where the definition needs the last token. */
export interface RequestMetrics {
  /** E2E / output tokens (Orca's and vLLM's normalised latency). */
  readonly e2ePerOutputToken: Distribution;
  /** First time in a batch to first token; and the same / prompt tokens. */
  readonly prefillTime: Distribution;
  readonly prefillTimePerPromptToken: Distribution;
  /** First to last token, of requests of two tokens or more (TPOT is this / (output tokens - 1)). */
  readonly decodeTime: Distribution;
  /** First time in a batch to last token; and the same / output tokens. */
  readonly inferenceTime: Distribution;
  readonly inferenceTimePerOutputToken: Distribution;
  /** Of requests that were in a batch. */
  readonly preemptions: Distribution;
  /** Of all requests that arrived with something to produce. */
  readonly promptTokens: Distribution;
  readonly outputTokens: Distribution;
  readonly promptPerOutputToken: Distribution;
  /** From one arrival to the next. */
  readonly interArrival: Distribution;
}

/** Of every row, NaN where the request has none. */
export const requestFigures = {
  e2e: (log: RequestLog, row: number): number => (log.status[row] === Status.completed ? log.finishedAt[row]! - log.arrivedAt[row]! : NaN),
  tpot: (log: RequestLog, row: number): number =>
    log.status[row] === Status.completed && log.outputTokens[row]! > 1
      ? (log.finishedAt[row]! - log.firstTokenAt[row]!) / (log.outputTokens[row]! - 1)
      : NaN,
  e2ePerOutputToken: (log: RequestLog, row: number): number =>
    log.status[row] === Status.completed ? (log.finishedAt[row]! - log.arrivedAt[row]!) / log.outputTokens[row]! : NaN,
  prefillTime: (log: RequestLog, row: number): number => log.firstTokenAt[row]! - log.scheduledAt[row]!,
  prefillTimePerPromptToken: (log: RequestLog, row: number): number =>
    (log.firstTokenAt[row]! - log.scheduledAt[row]!) / log.promptTokens[row]!,
  decodeTime: (log: RequestLog, row: number): number =>
    log.status[row] === Status.completed && log.outputTokens[row]! > 1 ? log.finishedAt[row]! - log.firstTokenAt[row]! : NaN,
  inferenceTime: (log: RequestLog, row: number): number =>
    log.status[row] === Status.completed ? log.finishedAt[row]! - log.scheduledAt[row]! : NaN,
  inferenceTimePerOutputToken: (log: RequestLog, row: number): number =>
    log.status[row] === Status.completed ? (log.finishedAt[row]! - log.scheduledAt[row]!) / log.outputTokens[row]! : NaN,
  preemptions: (log: RequestLog, row: number): number => (log.scheduledAt[row]! >= 0 ? log.preemptions[row]! : NaN),
  promptTokens: (log: RequestLog, row: number): number => (log.outputTokens[row]! > 0 ? log.promptTokens[row]! : NaN),
  outputTokens: (log: RequestLog, row: number): number => log.outputTokens[row]! || NaN,
  promptPerOutputToken: (log: RequestLog, row: number): number =>
    log.outputTokens[row]! > 0 ? log.promptTokens[row]! / log.outputTokens[row]! : NaN,
} as const;

export function requestMetrics(log: RequestLog): RequestMetrics {
  const { length } = log;
  const buffer = new Float64Array(length);
  const of = (figure: (log: RequestLog, row: number) => number): Distribution => {
    let count = 0;
    for (let row = 0; row < length; row++) {
      const value = figure(log, row);
      if (value === value) buffer[count++] = value;
    }
    return distributionOf(buffer.subarray(0, count));
  };
  const arrivals = log.arrivedAt.slice().sort();
  const gaps = new Float64Array(Math.max(0, length - 1));
  for (let i = 0; i + 1 < length; i++) gaps[i] = arrivals[i + 1]! - arrivals[i]!;
  // TTFT, TPOT, E2E and queueing stand in the summary.
  const { e2e: _e2e, tpot: _tpot, ...figures } = requestFigures;
  const made = Object.fromEntries(Object.entries(figures).map(([key, figure]) => [key, of(figure)]));
  return { ...(made as unknown as Record<keyof typeof figures, Distribution>), interArrival: distributionOf(gaps) };
}
