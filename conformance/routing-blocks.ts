// vLLM's prefix cache of the suite routing: prompts that come in and end, block by block.
import { writeNames } from "../src/engine/kv/names.ts";
import { PrefixCache, newHolding } from "../src/engine/kv/prefix-cache.ts";
import type { Holding } from "../src/engine/kv/prefix-cache.ts";
import { compare, differs } from "./routing-choices.ts";
import type { Check } from "./routing-choices.ts";

type Operation = readonly ["admit", string, number[]] | readonly ["finish", string];

export const checkApc: Check = ({ numBlocks, blockSize, ops, expect }) => {
  const blocks = numBlocks as number;
  const size = blockSize as number;
  const cache = new PrefixCache(blocks, size);
  const { pool } = cache;
  const running = new Map<string, { holding: Holding; tokens: number }>();
  /** By block: whether it had a name before. */
  const named = (): boolean[] => Array.from({ length: blocks }, (_, block) => pool.isNamed(block));

  const admit = (id: string, tokens: readonly number[]): Record<string, unknown> | null => {
    const holding = newHolding();
    writeNames(holding, Int32Array.from(tokens), 0, tokens.length, 1, tokens.length, size);
    const total = Math.ceil(tokens.length / size);
    cache.find(holding, tokens.length);
    const { hits } = holding;
    if (total - hits + holding.idle > pool.free) return null;
    const before = named();
    const cachedTokens = cache.admit(holding, tokens.length, total);
    const mine = cache.blocksOf(holding);
    const evicted = mine.slice(hits).filter((block) => before[block]);
    cache.name(holding, tokens.length);
    running.set(id, { holding, tokens: tokens.length });
    return { cachedTokens, blocks: mine, evicted, freeQueue: pool.freeQueue() };
  };

  for (const [i, operation] of (ops as Operation[]).entries()) {
    const [name, id] = operation;
    let found: Record<string, unknown> | null;
    if (name === "admit") found = admit(id, operation[2]);
    else {
      const { holding, tokens } = running.get(id)!;
      running.delete(id);
      cache.release(holding, tokens, holding.held);
      found = { freeQueue: pool.freeQueue() };
    }
    const wanted = (expect as (Record<string, unknown> | null)[])[i]!;
    const wrong = found === null || wanted === null ? differs("outcome", found, wanted) : compare(found, wanted);
    if (wrong !== "") return `operation ${i + 1} (${name} ${id}): ${wrong}`;
  }
  return "";
};
