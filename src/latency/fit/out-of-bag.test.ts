import { expect, test } from "vitest";
import { unitIndexOf } from "./bootstrap.ts";
import { barHalfWidth, errorBar } from "./error-bar.ts";
import { finished, fitForms } from "./fit.ts";
import { addResiduals, noResiduals, outOfBagOf, scaledTerms } from "./out-of-bag.ts";
import { weightsOf } from "./pcg.ts";
import { readMeasurements } from "./read.ts";
import { columnOf } from "./terms.ts";
import { testTable } from "./testing-table.ts";

const read = readMeasurements(testTable(300));
if (!read.ok) throw new Error(read.text);
const { data } = read;
const [fit] = finished(fitForms(data, { forms: ["linear"], replicates: 102, seed: 2 ** 33 + 5 }));
const columns = fit!.terms.map((term) => columnOf(term, data));

/** What the replicates predict that did not draw a row, by the definition. */
function byDefinition(row: number): number[] {
  const { coefficients, replicates, unit, seed } = fit!.bootstrap!;
  const index = unitIndexOf(data, unit)[row]!;
  const weights = new Float64Array(4);
  return Array.from({ length: replicates }, (_, b) => b).flatMap((b) => {
    weightsOf(index, b >> 2, seed, weights, 0, 1);
    if (weights[b % 4] !== 0) return [];
    const predicted = columns.reduce((sum, column, j) => sum + coefficients[b * columns.length + j]! * column[row]!, 0);
    return [predicted / data.t[row]! - 1];
  });
}

test("a row's residuals are those of the replicates whose weight for it is 0", () => {
  const { count, mean, spread } = fit!.outOfBag!;
  for (const row of [0, 17, 299]) {
    const off = byDefinition(row);
    const expected = off.reduce((sum, x) => sum + x, 0) / off.length;
    expect(count[row]).toBe(off.length);
    expect(mean[row]).toBeCloseTo(expected, 12);
    const variance = off.reduce((sum, x) => sum + (x - expected) * (x - expected), 0) / off.length;
    expect(spread[row]).toBeCloseTo(Math.sqrt(variance), 10);
  }
});

test("rows of one composition are left out together where compositions are drawn", () => {
  expect(fit!.bootstrap!.unit).toBe("composition");
  expect(fit!.outOfBag!.count[0]).toBe(fit!.outOfBag!.count[1]);
});

test("blocks of replicates and parts of the rows add up to the same bits", () => {
  const scaled = scaledTerms(columns, data.t, fit!.coefficients);
  const { coefficients, unit, seed } = fit!.bootstrap!;
  const sums = noResiduals(data.rows);
  const index = unitIndexOf(data, unit);
  const cut = 64 * columns.length;
  for (const [first, end] of [
    [0, 100],
    [100, 300],
  ] as const) {
    finished(addResiduals(scaled, index, seed, coefficients.slice(0, cut), 0, sums, first, end));
    finished(addResiduals(scaled, index, seed, coefficients.slice(cut), 64, sums, first, end));
  }
  expect(outOfBagOf(scaled, sums)).toEqual(fit!.outOfBag);
});

test("an error bar is told as measured over predicted, its low end from the highest prediction", () => {
  const one = { mean: Float64Array.of(0.25), spread: Float64Array.of(0.1) };
  const [low, middle, high] = errorBar(one, 0);
  expect(middle).toBeCloseTo(-0.2, 12);
  expect(low).toBeCloseTo(1 / 1.446 - 1, 12);
  expect(high).toBeCloseTo(1 / 1.054 - 1, 12);
  expect(barHalfWidth(one, 0)).toBeCloseTo(0.196, 12);
});
