// NVIDIA Dynamo's KV router: the work that a request would add to a worker, in blocks (ai-dynamo/dynamo, lib/llm/src/kv_router).
import { exp } from "../../../engine/kernel/math.ts";

export interface Worker {
  /** Tokens of prompts that are still to be computed there. */
  readonly prefillTokens: number;
  /** Blocks of the prompt that the worker holds, as far as is known. */
  readonly overlapBlocks: number;
  /** Blocks in use there, if the request came. */
  readonly decodeBlocks: number;
}

/** Blocks to compute, weighted, and blocks to keep: the lowest is the best. */
export function kvCost({ prefillTokens, overlapBlocks, decodeBlocks }: Worker, tokens: number, blockSize: number, weight: number): number {
  return (weight * (prefillTokens + (tokens - overlapBlocks * blockSize))) / blockSize + decodeBlocks;
}

/** Chances of the workers at a temperature above 0: costs are scaled to [0, 1] first. */
export function costChances(costs: readonly number[], temperature: number): number[] {
  let least = Infinity;
  let most = -Infinity;
  for (const cost of costs) {
    if (cost < least) least = cost;
    if (cost > most) most = cost;
  }
  const weights = costs.map((cost) => (most === least ? 1 : exp(-(cost - least) / ((most - least) * temperature))));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}
