// The arithmetic that requests and batches need (config.ts, ModelWork).
import { Status } from "../contracts.ts";
import type { BatchShape } from "../contracts.ts";
import type { ModelWork, SimulationConfig, StageWork } from "../config.ts";
import { rows } from "./ended-rows.ts";

/** Pairs of a token and one that it sees, itself included, among tokens 1 to n that see at most `window`. */
const pairsUpTo = (n: number, window: number): number =>
  n <= window ? (n * (n + 1)) / 2 : (window * (window + 1)) / 2 + (n - window) * window;

/** Operations of a batch on one stage. Windows are applied to the mean of the batch: exact where all requests are within it, or beyond. */
export function batchFlops(stage: StageWork, window: number, shape: BatchShape): number {
  const { prefillTokens, decodeRequests } = shape;
  const prefillPairs = shape.prefillWork + prefillTokens / 2;
  const decodePairs = shape.decodeContext + decodeRequests;
  const local =
    stage.perLocalPair === 0 ? 0 : Math.min(prefillPairs, window * prefillTokens) + Math.min(decodePairs, window * decodeRequests);
  return (
    stage.perToken * (prefillTokens + decodeRequests) +
    stage.perOutput * (shape.prefillRequests + decodeRequests) +
    stage.perPair * (prefillPairs + decodePairs) +
    stage.perLocalPair * local
  );
}

/** Places of a pool's sums over its completed requests: whole numbers, so that their order does not matter. */
const Sum = {
  requests: 0,
  outputs: 1,
  prefillTokens: 2,
  prefillPairs: 3,
  prefillLocal: 4,
  decodeTokens: 5,
  decodePairs: 6,
  decodeLocal: 7,
} as const;
const SUMS = 8;

/** Work of completed requests by the pool that finished them, each token once: what is computed again after a preemption is not put to use. */
export class WorkTally {
  private readonly config: SimulationConfig;
  private readonly sums: Float64Array;
  /** By pool; Infinity without. */
  private readonly windows: Float64Array;
  private readonly known: boolean;

  constructor(config: SimulationConfig) {
    const { pools } = config;
    this.config = config;
    this.sums = new Float64Array(pools.length * SUMS);
    this.windows = Float64Array.from(pools, ({ work }) => work?.window ?? Infinity);
    this.known = pools.some(({ work }) => work !== undefined);
  }

  /** Takes in the ended rows [start, end), all of one pool. */
  take(pool: number, start: number, end: number): void {
    if (!this.known) return;
    const { sums } = this;
    const window = this.windows[pool]!;
    let requests = 0;
    let outputs = 0;
    let prefillTokens = 0;
    let prefillPairs = 0;
    let decodePairs = 0;
    let prefillLocal = 0;
    let decodeLocal = 0;
    for (let row = start; row < end; row++) {
      if (rows.status[row] !== Status.completed) continue;
      const prompt = rows.promptTokens[row]!;
      const cached = rows.cachedTokens[row]!;
      const output = rows.outputTokens[row]!;
      // The last token is never an input.
      const total = prompt + output - 1;
      requests++;
      outputs += output;
      prefillTokens += prompt - cached;
      prefillPairs += (prompt * (prompt + 1) - cached * (cached + 1)) / 2;
      decodePairs += ((output - 1) * (prompt + total + 1)) / 2;
      if (window === Infinity) continue;
      const seen = pairsUpTo(prompt, window);
      prefillLocal += seen - pairsUpTo(cached, window);
      decodeLocal += pairsUpTo(total, window) - seen;
    }
    const at = pool * SUMS;
    sums[at + Sum.requests]! += requests;
    sums[at + Sum.outputs]! += outputs;
    sums[at + Sum.prefillTokens]! += prefillTokens;
    sums[at + Sum.prefillPairs]! += prefillPairs;
    sums[at + Sum.prefillLocal]! += prefillLocal;
    sums[at + Sum.decodeTokens]! += outputs - requests;
    sums[at + Sum.decodePairs]! += decodePairs;
    sums[at + Sum.decodeLocal]! += decodeLocal;
  }

  /** Operations that went into the completed requests, by pool; null where it cannot be told which of several prefill pools did the work. */
  flops(): readonly (number | null)[] {
    const { config } = this;
    const prefillPools = config.pools.filter(({ role }) => role === "prefill").length;
    const sumOf = ({ stages }: ModelWork, key: keyof StageWork): number => stages.reduce((sum, stage) => sum + stage[key], 0);
    return config.pools.map(({ work, role }, index) => {
      if (work === undefined || (role === "prefill" && prefillPools > 1)) return null;
      // Requests end on decode pools; their prompts, with the first token, were the work of the prefill pool.
      const decoded = role === "prefill" ? [] : [index];
      const prefilled =
        role === "mixed"
          ? [index]
          : role === "decode"
            ? []
            : [...config.pools.keys()].filter((other) => config.pools[other]!.role !== "mixed");
      const total = (pools: readonly number[], key: keyof typeof Sum): number =>
        pools.reduce((sum, pool) => sum + this.sums[pool * SUMS + Sum[key]]!, 0);
      const tokens = total(prefilled, "prefillTokens") + total(decoded, "decodeTokens");
      const outputs = total(prefilled, "requests") + total(decoded, "outputs") - total(decoded, "requests");
      const pairs = total(prefilled, "prefillPairs") + total(decoded, "decodePairs");
      const local = total(prefilled, "prefillLocal") + total(decoded, "decodeLocal");
      return (
        sumOf(work, "perToken") * tokens +
        sumOf(work, "perOutput") * outputs +
        sumOf(work, "perPair") * pairs +
        sumOf(work, "perLocalPair") * local
      );
    });
  }
}
