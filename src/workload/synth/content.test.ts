// Prompts with content: what they share, by hand and against what is published of the workload that one of them follows.
import { expect, test } from "vitest";
import { createSource } from "../create.ts";
import { pregenerate } from "../pregenerate.ts";
import { lengths } from "./index.ts";

interface Prompt {
  readonly ids: readonly number[];
  readonly tokens: number;
  readonly output: number;
  readonly session: number;
}

function prompts(id: string, params: Record<string, number>, count: number): Prompt[] {
  const source = createSource(
    {
      source: { kind: "synthetic", arrivals: { id: "poisson", params: { rate: 1 } }, lengths: { id, params } },
      rateScale: 1,
      promptScale: 1,
      outputScale: 1,
      maxRequests: count,
      maxSeconds: null,
    },
    { seed: 3, tenants: [{ share: 1, sloClass: 0 }], workloads: [], lengths },
  );
  const list: Prompt[] = [];
  pregenerate(source, count, 1, ({ promptTokens: tokens, outputTokens: output, session, prefixStart, prefixCount }) => {
    list.push({ ids: [...source.prefixIds.subarray(prefixStart, prefixStart + prefixCount)], tokens, output, session });
  });
  return list;
}

function groupsOf(list: readonly Prompt[], key: (prompt: Prompt) => number): Map<number, Prompt[]> {
  const groups = new Map<number, Prompt[]>();
  for (const prompt of list) groups.set(key(prompt), [...(groups.get(key(prompt)) ?? []), prompt]);
  return groups;
}

const common = (a: readonly number[], b: readonly number[]): number => {
  let n = 0;
  while (n < a.length && a[n] === b[n]) n++;
  return n;
};

test("shared prefixes: whole blocks of the prefix are shared, and the text that follows with the same one only", () => {
  const list = prompts("shared-prefixes", { prefixes: 2, prefixTokens: 40, suffixes: 2, suffixTokens: 24 }, 200);
  expect(list.every(({ ids, tokens }) => tokens === 64 && ids.length === 4)).toBe(true);
  const kinds = new Set(list.map(({ ids }) => ids.join()));
  expect(kinds.size).toBe(4);
  for (const a of list) for (const b of list.slice(0, 20)) expect([0, 2, 4]).toContain(common(a.ids, b.ids));
  const fresh = prompts("shared-prefixes", { prefixes: 1, prefixTokens: 32, suffixes: 0, suffixTokens: 32 }, 100);
  expect(new Set(fresh.map(({ ids }) => ids.join())).size).toBe(100);
  for (const { ids } of fresh.slice(1)) expect(common(ids, fresh[0]!.ids)).toBe(2);
});

test("a skew makes the first prefixes popular", () => {
  const list = prompts("shared-prefixes", { prefixes: 100, prefixTokens: 16, suffixes: 0, suffixTokens: 1, skew: 1 }, 4000);
  const counts = new Map<number, number>();
  for (const { ids } of list) counts.set(ids[0]!, (counts.get(ids[0]!) ?? 0) + 1);
  // Of 100 with Zipf's law the first has 1 / H(100) = 19 %.
  expect(Math.max(...counts.values()) / 4000).toBeCloseTo(0.193, 1);
});

test("pieces of conversations: about three of each, the shorter the beginning of the longer, lengths as in Ray's benchmark", () => {
  const list = prompts("conversation-pieces", {}, 1000);
  const groups = groupsOf(list, ({ ids }) => ids[0]!);
  // Published: about 333 groups, 1,781,449 prompt and 102,163 output tokens over 1,001 requests.
  expect(groups.size).toBeGreaterThan(290);
  expect(groups.size).toBeLessThan(334);
  const mean = (of: (prompt: Prompt) => number): number => list.reduce((sum, prompt) => sum + of(prompt), 0) / list.length;
  expect(Math.abs(mean(({ tokens }) => tokens) / 1780 - 1)).toBeLessThan(0.02);
  expect(Math.abs(mean(({ output }) => output) / 102 - 1)).toBeLessThan(0.06);
  for (const { tokens } of list) expect(tokens >= 1500 && tokens <= 2048).toBe(true);
  for (const group of groups.values()) {
    for (const a of group) {
      for (const b of group) {
        const blocks = Math.floor(Math.min(a.tokens, b.tokens) / 16);
        expect(common(a.ids, b.ids)).toBeGreaterThanOrEqual(blocks);
      }
    }
  }
  const again = prompts("conversation-pieces", { prompts: 50 }, 120);
  expect(again[50]!.ids).toEqual(again[0]!.ids);
  expect(again[119]!.ids).toEqual(again[19]!.ids);
});

test("conversations: a turn holds the last one and its answer; all begin with a system prompt", () => {
  const list = prompts("conversations", { systemTokens: 64, systemPrompts: 2, turns: 4, thinkSeconds: 2 }, 400);
  expect(new Set(list.map(({ ids }) => ids.slice(0, 4).join())).size).toBe(2);
  const sessions = [...groupsOf(list, ({ session }) => session).values()].filter((turns) => turns.length > 1);
  expect(sessions.length).toBeGreaterThan(50);
  for (const turns of sessions) {
    for (let i = 1; i < turns.length; i++) {
      const [before, now] = [turns[i - 1]!, turns[i]!];
      expect(now.tokens).toBeGreaterThan(before.tokens + before.output);
      expect(now.ids.length).toBe(Math.ceil((now.tokens + now.output) / 16));
      expect(common(before.ids, now.ids)).toBeGreaterThanOrEqual(Math.floor((before.tokens + before.output) / 16));
    }
  }
});
