// The rules of prefix caching: worked out by hand, against a plain model on random requests, and as properties.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { writeNames } from "./names.ts";
import { PrefixCache, newHolding } from "./prefix-cache.ts";
import type { Holding } from "./prefix-cache.ts";

/** A prompt whose content ids are its tokens, one a block of one token. */
function holdingOf(tokens: readonly number[], blockSize: number): Holding {
  const holding = newHolding();
  writeNames(holding, Int32Array.from(tokens), 0, tokens.length, 1, tokens.length, blockSize);
  return holding;
}

const admit = (cache: PrefixCache, holding: Holding, tokens: number): number => {
  const found = cache.admit(holding, tokens, Math.ceil(tokens / cache.blockSize));
  cache.name(holding, tokens);
  return found;
};

const count = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

describe("by hand", () => {
  test("the last token of a known prompt is computed again, with its whole block", () => {
    for (const [tokens, hit] of [
      [63, 48],
      [64, 48],
      [65, 64],
      [80, 64],
    ] as const) {
      const cache = new PrefixCache(20, 16);
      const first = holdingOf(count(tokens), 16);
      expect(admit(cache, first, tokens)).toBe(0);
      cache.release(first, tokens, first.held);
      expect(admit(cache, holdingOf(count(tokens), 16), tokens)).toBe(hit);
    }
  });

  test("a block without references is hit until it is taken, and the deepest of a request is taken first", () => {
    const cache = new PrefixCache(4, 4);
    const first = holdingOf(count(16), 4);
    admit(cache, first, 16);
    cache.release(first, 16, 4);
    expect(cache.pool.freeQueue()).toEqual([3, 2, 1, 0]);
    const other = holdingOf([90, 91, 92, 93, 94], 4);
    expect(admit(cache, other, 5)).toBe(0);
    expect(cache.pool.evictions).toBe(2);
    cache.release(other, 5, 2);
    expect(admit(cache, holdingOf(count(16), 4), 16)).toBe(8);
  });

  test("blocks that decodes fill are found by the next turn", () => {
    const cache = new PrefixCache(12, 4);
    const turn = holdingOf(count(14), 4);
    admit(cache, turn, 6);
    // Six tokens of output, all but the last in the cache: 11 tokens, 3 blocks, two of them full.
    cache.settle(3);
    cache.release(turn, 11, 3);
    expect(cache.pool.referenced).toBe(0);
    expect(admit(cache, holdingOf(count(20), 4), 20)).toBe(8);
  });

  test("a request that is preempted finds its own blocks, prompt and output, and nobody else does", () => {
    const cache = new PrefixCache(12, 4);
    const holding = newHolding();
    cache.admit(holding, 6, 2);
    cache.settle(3);
    cache.nameAsOwn(holding, 7, 11);
    cache.release(holding, 11, 3);
    const stranger = newHolding();
    cache.nameAsOwn(stranger, 8, 11);
    expect(cache.admit(stranger, 12, 3)).toBe(0);
    expect(cache.admit(holding, 12, 3)).toBe(8);
  });
});

test("names depend on all content before, whatever the sizes of blocks", () => {
  const named = (ids: number[], contentBlock: number, tokens: number, blockSize: number): string[] => {
    const into = newHolding();
    writeNames(into, Int32Array.from(ids), 0, ids.length, contentBlock, tokens, blockSize);
    return Array.from({ length: into.known }, (_, i) => `${into.hi[i]} ${into.lo[i]}`);
  };
  const same = (a: string[], b: string[]): number => a.findIndex((name, i) => name !== b[i]);
  // Content blocks of 512 tokens in KV blocks of 16: 32 of each share, all different.
  const long = named([5, 6, 7], 512, 1300, 16);
  expect(new Set(long).size).toBe(81);
  expect(same(long, named([5, 9, 7], 512, 1300, 16))).toBe(32);
  // Two content blocks in a KV block; the third KV block needs a fifth content block and is not full.
  expect(same(named([1, 2, 3, 4, 5], 8, 40, 16), named([1, 2, 3, 9, 5], 8, 40, 16))).toBe(1);
  expect(named([1, 2, 3, 4, 5], 8, 40, 16)).toHaveLength(2);
  // Sizes that do not divide: the second block of 16 needs the second of 24.
  expect(same(named([1, 2], 24, 48, 16), named([1, 3], 24, 48, 16))).toBe(1);
  expect(named([], 16, 500, 16)).toEqual([]);
});

/** The same rules in the plainest words: names are texts of all tokens so far, the free queue is a list. */
class Model {
  readonly name: (string | null)[];
  readonly references: number[];
  queue: number[];
  /** Blocks by name in the order of naming. */
  readonly byName = new Map<string, number[]>();

  constructor(blocks: number) {
    this.name = Array.from({ length: blocks }, () => null);
    this.references = this.name.map(() => 0);
    this.queue = count(blocks);
  }

  names(tokens: readonly number[], blockSize: number): string[] {
    return count(Math.floor(tokens.length / blockSize)).map((i) => tokens.slice(0, (i + 1) * blockSize).join());
  }

  hits(tokens: readonly number[], blockSize: number): number[] {
    const found: number[] = [];
    for (const name of this.names(tokens, blockSize).slice(0, Math.floor((tokens.length - 1) / blockSize))) {
      const [block] = this.byName.get(name) ?? [];
      if (block === undefined) break;
      found.push(block);
    }
    return found;
  }

  pop(): number {
    const block = this.queue.shift()!;
    const name = this.name[block]!;
    if (name !== null) {
      const others = this.byName.get(name)!.filter((other) => other !== block);
      if (others.length === 0) this.byName.delete(name);
      else this.byName.set(name, others);
    }
    this.name[block] = null;
    this.references[block] = 1;
    return block;
  }

  /** Null when there is no room. */
  admit(tokens: readonly number[], blockSize: number): { found: number; blocks: number[] } | null {
    const hit = this.hits(tokens, blockSize);
    const total = Math.ceil(tokens.length / blockSize);
    const idle = hit.filter((block) => this.references[block] === 0);
    if (total - hit.length > this.queue.length - idle.length) return null;
    for (const block of hit) {
      this.references[block]!++;
      this.queue = this.queue.filter((other) => other !== block);
    }
    const blocks = [...hit];
    while (blocks.length < total) blocks.push(this.pop());
    this.names(tokens, blockSize).forEach((name, i) => {
      const block = blocks[i]!;
      if (this.name[block] !== null) return;
      this.name[block] = name;
      this.byName.set(name, [...(this.byName.get(name) ?? []), block]);
    });
    return { found: hit.length * blockSize, blocks };
  }

  release(blocks: readonly number[]): void {
    for (const block of [...blocks].reverse()) if (--this.references[block]! === 0) this.queue.push(block);
  }
}

test("the pool does what the plain model does, and keeps its invariants", () => {
  const requests = fc.array(
    fc.record({ head: fc.nat(2), body: fc.array(fc.nat(1), { minLength: 1, maxLength: 24 }), end: fc.nat(40), output: fc.nat(9) }),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(requests, fc.constantFrom(1, 2, 4), fc.integer({ min: 3, max: 24 }), (list, blockSize, blocks) => {
      const cache = new PrefixCache(blocks, blockSize);
      const model = new Model(blocks);
      const { pool } = cache;
      /** Blocks by name, as the events tell. */
      const events = new Map<string, number>();
      cache.listen((stored, hi, lo) => {
        const key = `${hi} ${lo}`;
        const copies = (events.get(key) ?? 0) + (stored ? 1 : -1);
        expect(copies).toBeGreaterThanOrEqual(0);
        if (copies > 0) events.set(key, copies);
        else events.delete(key);
      });
      let running: { holding: Holding; blocks: number[]; tokens: number }[] = [];
      list.forEach(({ head, body, end, output }, step) => {
        const tokens = [head, ...body];
        const full = [...tokens, ...count(output).map((i) => 1000 * step + i)];
        const holding = holdingOf(full, blockSize);
        const total = Math.ceil(tokens.length / blockSize);
        cache.find(holding, tokens.length);
        const { hits, idle } = holding;
        const room = total - hits + idle <= pool.free;
        const queued = new Set(pool.freeQueue());
        const held = new Set(count(blocks).filter((block) => !queued.has(block)));
        const expected = model.admit(tokens, blockSize);
        expect(room).toBe(expected !== null);
        if (expected !== null) {
          const found = cache.admit(holding, tokens.length, total);
          cache.name(holding, tokens.length);
          expect(found).toBe(expected.found);
          expect(found % blockSize).toBe(0);
          expect(found).toBeLessThan(tokens.length);
          const mine = cache.blocksOf(holding);
          expect(mine).toEqual(expected.blocks);
          // Whoever takes a block for new content takes one that nobody holds.
          for (const block of mine.slice(hits)) expect(held.has(block)).toBe(false);
          running.push({ holding, blocks: expected.blocks, tokens: tokens.length });
        }
        const ending = running[end % 5];
        if (ending !== undefined) {
          running = running.filter((other) => other !== ending);
          cache.release(ending.holding, ending.tokens, ending.blocks.length);
          model.release(ending.blocks);
        }
        expect(pool.freeQueue()).toEqual(model.queue);
        expect(pool.free + pool.referenced).toBe(blocks);
        expect(pool.referenced).toBe(model.references.filter((n) => n > 0).length);
        expect(events.size).toBe(model.byName.size);
      });
      // What is found is closed under prefixes: a longer look never finds less.
      for (const { head, body } of list) {
        const tokens = [head, ...body];
        let before = 0;
        for (let n = 1; n <= tokens.length; n++) {
          const look = holdingOf(tokens.slice(0, n), blockSize);
          cache.find(look, n);
          expect(look.hits).toBeGreaterThanOrEqual(before);
          before = look.hits;
        }
      }
      cache.forgetAll();
      expect(events.size).toBe(0);
      expect(pool.freeQueue()).toEqual(model.queue);
      for (const { head, body } of list) {
        const look = holdingOf([head, ...body], blockSize);
        cache.find(look, body.length + 1);
        expect(look.hits).toBe(0);
      }
    }),
    { numRuns: Number(process.env["PROPERTY_RUNS"] ?? 300) },
  );
});
