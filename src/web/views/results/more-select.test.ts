import { expect, test } from "vitest";
import type { BatchCounts, RunDetail } from "../../../engine/metrics/detail-results.ts";
import { barName, histogramsOf, histogramText, partGrid } from "./more-select.ts";

const plain = (text: string): string => text.replace(/\u00a0/g, " ");
const counts = (part: Partial<BatchCounts>): BatchCounts => {
  const none = new Float64Array(0);
  return { requests: none, tokens: none, prefillTokens: none, decodeTokens: none, executionTime: { edges: none, counts: none }, ...part };
};

test("few values are bars of their own", () => {
  const [made] = histogramsOf(counts({ requests: Float64Array.of(0, 6, 3, 1) }));
  expect([...made!.bars.shares]).toEqual([0, 0.6, 0.3, 0.1]);
  expect([1, 3].map((bar) => barName(made!, bar))).toEqual(["1 requests", "3 requests"]);
  expect(plain(histogramText(made!))).toBe("Requests in a batch, share of batches: most often 1 requests, 60 %.");
});

test("what one batch in a hundred reaches stands in the last bar, which says so", () => {
  const tokens = new Float64Array(5001).fill(0);
  tokens.fill(2, 1, 101);
  tokens[5000] = 1;
  const [made] = histogramsOf(counts({ tokens }));
  // 99 % of 201 batches have up to 100 tokens: bars of 5.
  expect([made!.bars.width, made!.bars.shares.length, made!.gathered]).toEqual([5, 21, true]);
  expect(made!.bars.shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
  expect([barName(made!, 0), barName(made!, 20)]).toEqual(["0 to 4 tokens", "100 tokens or more"]);
});

test("times are in milliseconds", () => {
  const [made] = histogramsOf(counts({ executionTime: { edges: Float64Array.of(0.01, 0.011, 0.0122), counts: Float64Array.of(3, 1) } }));
  expect(made!.title).toBe("Time of a batch");
  expect(barName(made!, made!.bars.shares.indexOf(0.75))).toBe("10 to 10.5 ms");
});

test("no batch, no bars; parts of no weight take no line", () => {
  expect(histogramsOf(counts({}))).toEqual([]);
  const part = (pool: string, name: string, share: number) => ({ pool, part: name, seconds: share, share });
  const parts = [part("a", "Host", 0.25), part("a", "Links", 0), part("b", "Host", 0.4), part("b", "Links", 0.6)];
  const grid = partGrid({ parts } as unknown as RunDetail)!;
  expect(grid.heads).toEqual(["a", "b"]);
  expect(grid.rows.map(({ label, cells }) => [label, ...cells.map(plain)])).toEqual([
    ["Host", "25.0 %", "40.0 %"],
    ["Links", "0.0 %", "60.0 %"],
  ]);
  expect(partGrid({ parts: [] } as unknown as RunDetail)).toBeNull();
});
