import { describe, expect, test } from "vitest";
import type { Summary } from "../../../engine/metrics/results.ts";
import { recordingSurface } from "../../ui/chart/recorder.ts";
import { tinyPicture } from "../test-picture.ts";
import { cdfFigure, cdfScales, cdfTicks } from "./draw.ts";
import { cdfText, loadRows, secondsAt, selectBars, selectCdf, shareAt, summaryRows } from "./select.ts";

const picture = tinyPicture();
const plain = (text: string): string => text.replace(/\u00a0/g, " ").replace(/\u2212/g, "-");
const summary = (part: { attainment: number; goodput: number; ttft: number; tpot: number; cost: number; refused: number }): Summary => {
  const d = (p: number) => ({ count: 10, mean: p, p50: p, p90: p * 2, p95: p * 3, p99: p * 10, max: p * 20 });
  return {
    ...picture.summary,
    requests: { ...picture.summary.requests, refused: part.refused },
    ttft: d(part.ttft),
    tpot: d(part.tpot),
    e2e: d(10),
    slo: { ...picture.summary.slo, attainment: part.attainment, goodputPerS: part.goodput },
    cost: { ...picture.summary.cost, perHour: part.cost, perMillionTokens: part.cost / 100 },
  };
};
const now = summary({ attainment: 0.902, goodput: 23.6, ttft: 0.3, tpot: 0.038, cost: 103.77, refused: 0 });
const before = summary({ attainment: 0.654, goodput: 17.1, ttft: 0.44, tpot: 0.053, cost: 94.45, refused: 4 });

describe("summary", () => {
  test("rows with one unit each, a sign, and better or worse", () => {
    expect(summaryRows(now, before).map((r) => [r.label, r.now, r.before, r.change, r.verdict].map(plain).join(" | "))).toEqual([
      "Meet every SLO | 90.2 % | 65.4 % | +24.8 pt | better",
      "Goodput, req/s | 23.6 | 17.1 | +38 % | better",
      "TTFT P50 | 0.30 s | 0.44 s | -32 % | better",
      "TTFT P90 | 0.60 s | 0.88 s | -32 % | better",
      "TTFT P99 | 3.00 s | 4.40 s | -32 % | better",
      "TPOT P50 | 38 ms | 53 ms | -28 % | better",
      "TPOT P95 | 114 ms | 159 ms | -28 % | better",
      "E2E P95 | 30.00 s | 30.00 s | 0 % | same",
      "Cost, $/h | 103.77 | 94.45 | +10 % | worse",
      "Cost, $/M tokens | 1.04 | 0.94 | +10 % | worse",
      "Refused | 0 | 4 | -4 | better",
    ]);
  });
  test("alone there is nothing to compare", () => {
    const rows = summaryRows(now, null);
    expect(rows.every((r) => r.change === "\u2013" && r.verdict === "same")).toBe(true);
    expect(rows.map((r) => r.label)).not.toContain("Refused");
  });
  test("load between replicas: less spread is better, a higher Jain index too", () => {
    const rows = loadRows({ ...picture.load, cv: 0.1, jain: 0.99 }, picture.load);
    expect(rows.map((r) => r.verdict)).toEqual(["same", "better", "better"]);
  });
});

describe("curves", () => {
  const { ttft } = picture.cdfs;
  test("share within a time, and its inverse", () => {
    expect(shareAt(ttft, 0.1)).toBe(0);
    expect(shareAt(ttft, 0.4)).toBe(0.5);
    expect(shareAt(ttft, 2.5)).toBeCloseTo(0.875);
    expect(shareAt(ttft, 100)).toBe(1);
    expect(secondsAt(ttft, 0.6)).toBe(1);
    expect(shareAt({ seconds: new Float64Array(), share: new Float64Array() }, 1)).toBeNaN();
  });
  test("says how many meet the limit", () => {
    const model = selectCdf("ttft", "Time to first token", ttft, null, 1, "pinned");
    expect(plain(model.within)).toBe("75.0 % within 1 s");
    expect(cdfText(model)).toContain("half of the requests within 0.40 seconds");
    expect(selectCdf("e2e", "End to end", picture.cdfs.e2e, null, null, "").within).toBe("");
  });
  test("the limit is always a tick, and ticks leave one another room", () => {
    const model = selectCdf("ttft", "Time to first token", ttft, null, 2, "pinned");
    const { x } = cdfScales(model, 304);
    const ticks = cdfTicks(model, x);
    expect(ticks).toContain(2);
    for (let i = 1; i < ticks.length; i++) expect(x(ticks[i]!) - x(ticks[i - 1]!)).toBeGreaterThanOrEqual(46);
  });
  test("figure", () => {
    const figure = cdfFigure(selectCdf("ttft", "Time to first token", ttft, picture.cdfs.e2e, 2, "pinned"), 304);
    const { surface, text } = recordingSurface();
    figure.draw(surface);
    expect(`${text()}\n${figure.texts.map((t) => plain(t.text)).join("\n")}`).toMatchSnapshot();
  });
});

test("batch sizes become shares of replica time", () => {
  const bars = selectBars(picture.load, null);
  expect(bars.width).toBe(1);
  expect([...bars.shares]).toEqual([0.1, 0, 0.2, 0, 0.3, 0, 0.4]);
  const wide = selectBars({ ...picture.load, batchSize: new Float64Array(97).fill(1) }, picture.load);
  expect([wide.width, wide.shares.length, wide.end]).toEqual([4, 24, 96]);
  expect(wide.shares.reduce((a, b) => a + b)).toBeCloseTo(1);
});
