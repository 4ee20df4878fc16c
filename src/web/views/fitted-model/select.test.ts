import { expect, test } from "vitest";
import { createFitSession } from "../../../latency/fit/session.ts";
import type { FitInput, FittedForm } from "../../../latency/fit/session-types.ts";
import { SAMPLE_FILE, sampleText } from "../../../latency/fit/sample.ts";
import type { OutOfBag } from "../../../latency/fit/types.ts";
import type { Intervals } from "../../state/fit-store.ts";
import { asideOf, contributions, outlinesOf, predictionTable, selectPrediction } from "../prediction/select.ts";
import { features, reachOf, residualsText, selectResiduals } from "../residuals/select.ts";
import { quantitiesOf, rangesOf, timeOfBatch } from "./batch.ts";
import { coefficientRows, formRows, hullRows, termWords, timeText, workCurve } from "./select.ts";

async function fittedSample(): Promise<{ input: FitInput; fitted: FittedForm; intervals: Intervals; outOfBag: OutOfBag }> {
  const session = createFitSession(() => performance.now());
  const read = await session.read({ name: SAMPLE_FILE, text: sampleText() }, {});
  if (!read.ok) throw new Error(read.text);
  let fitted: FittedForm | undefined;
  let intervals: Intervals | undefined;
  let outOfBag: OutOfBag | undefined;
  await session.fit({ form: "linear", replicates: 100, seed: 1, device: "cpu" }, (event) => {
    if (event.kind === "form" && event.fitted.form === "linear") fitted = event.fitted;
    if (event.kind === "intervals") intervals = { bootstrap: event.bootstrap, total: event.total };
    if (event.kind === "residuals") outOfBag = event.outOfBag;
    // The check of the chosen terms comes last, takes longest, and is not looked at here.
    if (outOfBag !== undefined) void session.cancel();
  });
  return { input: read.input, fitted: fitted!, intervals: intervals!, outOfBag: outOfBag! };
}

const sample = await fittedSample();

test("terms have words, times a unit that fits", () => {
  expect(["1", "W", "pre*D", "max(T-1536,0)", "min(P,2048)", "ceil(D,8)", "pre*max(C-4096,0)"].map(termWords)).toEqual([
    "every iteration",
    "per unit of prefill work",
    "per decode, with a prompt",
    "per new token, from 1,536 on",
    "per prompt token, up to 2,048",
    "per decode, in tiles of 8",
    "per context token of decodes, from 4,096 on, with a prompt",
  ]);
  expect([0.0066, 6.5e-6, 4.3e-8, 2e-12].map((seconds) => timeText(seconds).replace("\u00a0", " "))).toEqual([
    "6.60 ms",
    "6.50 µs",
    "43.0 ns",
    "2.00 ps",
  ]);
});

test("coefficients stand with their intervals; without replicates with none", () => {
  const { fitted, intervals } = sample;
  const rows = coefficientRows(fitted, intervals);
  expect(rows.map(({ term }) => term)).toEqual(fitted.terms);
  expect(rows[0]!.interval).toMatch(/^[\d.]+ to [\d.]+\u00a0ms$/);
  const [low, high] = rows[0]!.relative!;
  expect(low).toBeLessThan(0);
  expect(high).toBeGreaterThan(0);
  expect(coefficientRows(fitted, undefined)[0]).toMatchObject({ interval: "", relative: null, notNeeded: false });
});

test("selected is being checked until its fair error has come", () => {
  const { fitted } = sample;
  const forms = new Map([["selected" as const, { ...fitted, form: "selected" as const }]]);
  expect(formRows(forms, null, true)[0]!.errors).toBeNull();
  expect(formRows(forms, fitted.cv, true)[0]!.errors).toBe(fitted.cv);
  expect(formRows(forms, null, false)[0]!.errors).toBe(fitted.cv);
});

test("what decoding costs goes on beyond what was measured, and its interval holds the line", () => {
  const { input, fitted, intervals } = sample;
  const curve = workCurve(input, fitted, intervals)!;
  expect(curve.of).toBe("decodes");
  expect(curve.measuredTo).toBe(Math.max(...input.data.D));
  expect(curve.x.at(-1)!).toBeGreaterThan(1.5 * curve.measuredTo);
  curve.ms.forEach((ms, i) => {
    expect(curve.low![i]!).toBeLessThanOrEqual(1.02 * ms);
    expect(curve.high![i]!).toBeGreaterThanOrEqual(0.98 * ms);
  });
  expect(hullRows(input).map(({ region }) => region)).toEqual(["decode", "prefill", "mixed"]);
});

test("the terms of a row add up to its predicted time; all rows are drawn, and in the table", () => {
  const { input, fitted } = sample;
  const row = 7;
  const sum = contributions(fitted, input.data, row).reduce((total, { ms }) => total + ms, 0);
  expect(sum).toBeCloseTo(1000 * fitted.predicted[row]!, 9);
  const model = selectPrediction(input, fitted);
  expect(model.rows).toHaveLength(input.data.rows);
  expect(model.aside.reduce((total, one) => total + one, 0)).toBe(asideOf(input, fitted).reduce((total, one) => total + one, 0));
  expect(model.band[0]).toBeLessThan(1);
  expect(predictionTable(input, fitted).length).toBe(input.data.rows);
});

test("residuals lie about zero where the form fits, on an axis that reaches twice as far as nine of ten are off", () => {
  const { input, fitted } = sample;
  const charts = features.flatMap((feature) => selectResiduals(feature, input, fitted) ?? []);
  expect(charts.map(({ feature }) => feature.id)).toEqual(["T", "D", "C", "P", "W", "K"]);
  for (const chart of charts) {
    expect(chart.x).toHaveLength(chart.y.length);
    expect(chart.steps.every(({ low, median, high }) => low <= median && median <= high)).toBe(true);
    expect(residualsText(chart)).toContain("farthest from zero at");
  }
  expect(reachOf(fitted) % 10).toBe(0);
  expect(reachOf(fitted)).toBeGreaterThanOrEqual(10);
});

test("error bars stand for some rows of each chart, and for every row in the table; rows that took no part have none", () => {
  const { input, fitted, outOfBag } = sample;
  for (const feature of features) {
    const { bars, domain } = selectResiduals(feature, input, fitted, outOfBag)!;
    expect(bars.length).toBeGreaterThan(10);
    expect(bars.length).toBeLessThanOrEqual(40);
    for (const { x, low, high } of bars) {
      expect(low).toBeLessThan(high);
      expect(x).toBeGreaterThanOrEqual(domain[0]);
    }
  }
  const column = predictionTable(input, fitted, outOfBag).columns.find(({ label }) => label === "predicted by these, low")!;
  for (let row = 0; row < input.data.rows; row++) expect(column.raw(row) === null, `row ${row}`).toBe(Number.isNaN(fitted.heldOut[row]));
});

test("a batch of one's own: the form's time, an interval about it, inside or outside of what was measured", () => {
  const { input, fitted, intervals } = sample;
  const ranges = rangesOf(input.data);
  const batch = { prompts: 0, tokens: 0, past: 0, decodes: 40, context: 1000 };
  const time = timeOfBatch(batch, ranges, fitted, intervals)!;
  const of = (term: string): number => fitted.coefficients[fitted.terms.indexOf(term)]!;
  expect(time.ms).toBeCloseTo(1000 * (of("1") + 40 * of("T") + 40 * of("D") + 40_000 * of("C")), 9);
  expect(time.region).toBe("decode");
  expect(time.interval![0]).toBeLessThan(time.ms);
  expect(time.interval![1]).toBeGreaterThan(time.ms);
  expect(time.band[0]).toBeLessThan(time.ms);
  expect(time.outside).toEqual([]);
  const far = timeOfBatch({ ...batch, decodes: 4000 }, ranges, fitted, undefined)!;
  expect(far.interval).toBeNull();
  expect(far.outside[0]).toMatch(/^4,000 decodes, measured up to \d+$/);
  const { prefill: _none, ...others } = ranges;
  expect(timeOfBatch({ ...batch, decodes: 0, prompts: 1, tokens: 100 }, others, fitted, intervals)!.outside).toEqual([
    "no batch of this kind was measured",
  ]);
  expect(timeOfBatch({ ...batch, decodes: 0 }, ranges, fitted, intervals)).toBeNull();
  expect(quantitiesOf({ prompts: 2, tokens: 100, past: 50, decodes: 0, context: 9 })).toMatchObject({
    P: Float64Array.of(200),
    W: Float64Array.of(20_000),
    K: Float64Array.of(100),
    C: Float64Array.of(0),
  });
});

test("used rows of each region have an outline, and it holds them all", () => {
  const model = selectPrediction(sample.input, sample.fitted);
  const outlines = outlinesOf(model);
  expect(outlines.map(({ region }) => region)).toEqual(["decode", "prefill", "mixed"]);
  for (const { x, y } of outlines) {
    expect(x.length).toBe(y.length);
    expect(x.length).toBeGreaterThan(3);
  }
  expect(Math.max(...outlines.flatMap(({ x }) => x))).toBe(Math.max(...model.x));
});
