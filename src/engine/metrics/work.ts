// The arithmetic that requests and batches need (config.ts, ModelWork).
import { Status } from "../contracts.ts";
import type { BatchShape } from "../contracts.ts";
import type { ModelWork, SimulationConfig, StageWork } from "../config.ts";
import type { LogChunk } from "./request-log.ts";

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

/** Sums over completed requests of one pool: whole numbers, so that their order does not matter. */
class PoolWork {
  prefillTokens = 0;
  prefillPairs = 0;
  prefillLocal = 0;
  decodeTokens = 0;
  decodePairs = 0;
  decodeLocal = 0;
  requests = 0;
  outputs = 0;
}

/** Work of completed requests by the pool that finished them, each token once: what is computed again after a preemption is not put to use. */
export class WorkTally {
  private readonly pools: readonly PoolWork[];
  private readonly config: SimulationConfig;
  private readonly known: boolean;

  constructor(config: SimulationConfig) {
    this.config = config;
    this.pools = config.pools.map(() => new PoolWork());
    this.known = config.pools.some(({ work }) => work !== undefined);
  }

  take({ status, pool, promptTokens, outputTokens, cachedTokens }: LogChunk, from: number, to: number): void {
    if (!this.known) return;
    for (let row = from; row < to; row++) {
      if (status[row] !== Status.completed) continue;
      const it = this.pools[pool[row]!]!;
      const window = this.config.pools[pool[row]!]!.work?.window ?? Infinity;
      const prompt = promptTokens[row]!;
      const cached = cachedTokens[row]!;
      const output = outputTokens[row]!;
      // The last token is never an input.
      const total = prompt + output - 1;
      const pairs = (prompt * (prompt + 1) - cached * (cached + 1)) / 2;
      const after = ((output - 1) * (prompt + total + 1)) / 2;
      it.requests++;
      it.outputs += output;
      it.prefillTokens += prompt - cached;
      it.prefillPairs += pairs;
      it.decodeTokens += output - 1;
      it.decodePairs += after;
      if (window === Infinity) continue;
      const seen = pairsUpTo(prompt, window);
      it.prefillLocal += seen - pairsUpTo(cached, window);
      it.decodeLocal += pairsUpTo(total, window) - seen;
    }
  }

  /** Operations that went into the completed requests, by pool; null where it cannot be told which of several prefill pools did the work. */
  flops(): readonly (number | null)[] {
    const { config } = this;
    const prefillPools = config.pools.filter(({ role }) => role === "prefill").length;
    const sumOf = ({ stages }: ModelWork, key: keyof StageWork): number => stages.reduce((sum, stage) => sum + stage[key], 0);
    return config.pools.map(({ work, role }, index) => {
      if (work === undefined || (role === "prefill" && prefillPools > 1)) return null;
      // Requests end on decode pools; their prompts, with the first token, were the work of the prefill pool.
      const decoded = role === "prefill" ? [] : [this.pools[index]!];
      const prefilled =
        role === "mixed" ? [this.pools[index]!] : role === "decode" ? [] : this.pools.filter((_, i) => config.pools[i]!.role !== "mixed");
      let tokens = 0;
      let outputs = 0;
      let pairs = 0;
      let local = 0;
      for (const it of prefilled) {
        tokens += it.prefillTokens;
        outputs += it.requests;
        pairs += it.prefillPairs;
        local += it.prefillLocal;
      }
      for (const it of decoded) {
        tokens += it.decodeTokens;
        outputs += it.outputs - it.requests;
        pairs += it.decodePairs;
        local += it.decodeLocal;
      }
      return (
        sumOf(work, "perToken") * tokens +
        sumOf(work, "perOutput") * outputs +
        sumOf(work, "perPair") * pairs +
        (local === 0 ? 0 : sumOf(work, "perLocalPair") * local)
      );
    });
  }
}
