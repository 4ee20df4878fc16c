import { expect, test } from "vitest";
import { randomStream } from "../../engine/kernel/random.ts";
import { bestOf, finished, fitForm, fitForms } from "./fit.ts";
import { measurementsOf } from "./measurements.ts";
import { formColumns, largestPlanes, maskedColumns } from "./planes.ts";
import { eliminate, searchPlanes, searchTable } from "./roofline-search.ts";
import { columnOf } from "./terms.ts";

/** Batches that take the longer of two times: of reading the weights and the context, or of the tokens. */
function bounded(count: number, noise: number) {
  const random = randomStream(3, "roofline");
  const rows = Array.from({ length: count }, (_, line) => {
    const N = random.below(3);
    const P = N * (1 + random.below(900));
    const D = N === 0 ? 1 + random.below(200) : random.below(200);
    const C = D * (50 + random.below(3000));
    const t = Math.max(0.012 + 3e-8 * C, 4e-5 * P + 5e-5 * D) * (1 + noise * (2 * random.uniform() - 1));
    return { P, N, D, C, K: 0, W: (P * P) / 2, t, line };
  });
  return measurementsOf(rows);
}

test("two planes are found to the last digits, from memory and from compute", () => {
  const fitted = finished(fitForm("roofline", bounded(400, 0)))!;
  const { terms, coefficients, planes, cv } = fitted.fit;
  expect(new Set(planes)).toEqual(new Set([0, 1]));
  const memory = planes![terms.indexOf("C")];
  const of = (plane: number | undefined, term: string): number =>
    coefficients.find((_, j) => planes![j] === plane && terms[j] === term) ?? NaN;
  expect(of(memory, "1") / 0.012).toBeCloseTo(1, 6);
  expect(of(memory, "C") / 3e-8).toBeCloseTo(1, 6);
  expect(of(1 - memory!, "P") / 4e-5).toBeCloseTo(1, 6);
  expect(of(1 - memory!, "D") / 5e-5).toBeCloseTo(1, 6);
  expect(cv.maxPct).toBeLessThan(1e-3);
});

test("with noise it beats a sum where the time is a maximum, and is still not chosen unasked", () => {
  const data = bounded(300, 0.05);
  const fits = finished(fitForms(data, { forms: ["linear", "roofline"], replicates: 100 }));
  const [linear, roofline] = fits;
  expect(roofline!.cv.mapePct).toBeLessThan(0.7 * linear!.cv.mapePct);
  expect(bestOf(fits).form).toBe("linear");
  expect(bestOf([roofline!]).form).toBe("roofline");
  // Noise is even between -5 % and 5 %: 2.5 % off on average.
  expect(roofline!.cv.mapePct).toBeLessThan(3);
  const held = roofline!.bootstrap!.ci95.filter(
    ([low, high], j) => low <= roofline!.coefficients[j]! && roofline!.coefficients[j]! <= high,
  );
  expect(held.length).toBeGreaterThan(0.8 * roofline!.terms.length);
  expect(roofline!.outOfBag!.count[0]).toBeGreaterThan(20);
});

test("a row's columns are those of its largest plane", () => {
  const data = bounded(5, 0);
  const form = { terms: ["1", "P"], coefficients: [0.02, 1e-4], planes: [0, 1] };
  const columns = formColumns(form, data);
  for (let row = 0; row < data.rows; row++) {
    const compute = 1e-4 * data.P[row]! > 0.02;
    expect([columns[0]![row], columns[1]![row]]).toEqual(compute ? [0, data.P[row]] : [1, 0]);
  }
  const plain = form.terms.map((term) => columnOf(term, data));
  expect(maskedColumns(plain, form.planes, largestPlanes(plain, form.coefficients, form.planes))).toEqual(columns);
});

test("backward elimination leaves coefficients of at least zero, near the optimum where all are positive", () => {
  const gram = Float64Array.of(4, 0, 1, 3);
  const into = new Float64Array(2);
  // 4a + b = 6, a + 3b = 7: a = 1, b = 2, but for the ridge.
  eliminate(gram, Float64Array.of(6, 7), 2, into, 0);
  expect(into[0]).toBeCloseTo(1, 3);
  expect(into[1]).toBeCloseTo(2, 3);
  eliminate(gram, Float64Array.of(6, -7), 2, into, 0);
  expect(into[0]).toBeCloseTo(1.5, 3);
  expect(into[1]).toBe(0);
});

test("a search is the same every time, and more starts lead to no worse planes", () => {
  const data = bounded(300, 0.03);
  const columns = ["1", "P", "D", "C"].map((term) => columnOf(term, data));
  const table = searchTable(columns, data.t);
  const few = finished(searchPlanes(table, 2, 8));
  const many = finished(searchPlanes(table, 2, 32));
  expect(many.slice(0, 8)).toEqual(few);
  const least = (found: typeof few): number => Math.min(...found.map(({ loss }) => loss));
  expect(least(many)).toBeLessThanOrEqual(least(few));
  expect(Math.sqrt(least(many))).toBeLessThan(0.02);
});

test("of very many rows a part is looked at, of rows among those that may be", () => {
  const data = bounded(5000, 0);
  const among = Uint8Array.from(data.t, (_, i) => (i < 4100 ? 1 : 0));
  const { rows, values, terms } = searchTable([data.P.map(() => 1), data.P], data.t, among);
  expect(rows).toBe(1367);
  expect(Math.max(...values)).toBe(1);
  expect(values).toHaveLength(rows * terms);
});

test("runs and totals do not tell enough for planes", () => {
  const data = bounded(40, 0);
  expect(finished(fitForm("roofline", { ...data, totals: true }))).toBeNull();
});
