// The fit against cases worked out by hand, and its laws. Agreement with an independent implementation: conformance suite `fit`.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { randomStream } from "../../engine/kernel/random.ts";
import { dominanceRows, unitSlips, warningsOf } from "./bad-data.ts";
import { bootstrap, exactSums, quantise, unitFor } from "./bootstrap.ts";
import { finished, fitForms, fitProblem, fitTerms } from "./fit.ts";
import { measurementsOf, without } from "./measurements.ts";
import { modelOf } from "./model-file.ts";
import type { MeasuredRow } from "./measurements.ts";
import { Nnls } from "./nnls.ts";
import { foldsOf, pcg4d, weightsOf } from "./pcg.ts";
import { candidates, columnOf, termOf } from "./terms.ts";

/** Batches of all regions with the time of a known formula, times 1 + noise. */
function batches(count: number, noise = 0): MeasuredRow[] {
  const random = randomStream(7, "batches");
  return Array.from({ length: count }, (_, line) => {
    const N = random.below(3);
    const D = N === 0 ? 1 + random.below(64) : random.below(64);
    const chunk = 1 + random.below(600);
    const past = random.below(500);
    const P = N * chunk;
    const K = N * past;
    const W = N * chunk * (past + chunk / 2);
    const C = D * (1 + random.below(3000));
    const t = (0.01 + 3e-5 * (P + D) + 4e-5 * D + 2e-8 * C + 1e-8 * W + 5e-7 * K) * (1 + noise * (2 * random.uniform() - 1));
    return { P, N, D, C, K, W, t, line: line + 2 };
  });
}

test("random words, weights and folds are those of the published generator", () => {
  expect(Array.from(pcg4d(1, 2, 3, 4))).toEqual([908250390, 4044648920, 3775961919, 45698095]);
  const weights = new Float64Array(4);
  const first = Array.from({ length: 6 }, (_, unit) => {
    weightsOf(unit, 0, 20260101, weights, 0, 1);
    return [weights[0], weights[1]];
  });
  expect(first).toEqual([2, 0, 2, 1, 0, 1].map((w, i) => [w, [1, 0, 1, 2, 1, 1][i]]));
  expect(Array.from(foldsOf(12, 5, 1, 0))).toEqual([0, 4, 4, 0, 0, 1, 1, 2, 1, 2, 3, 3]);
});

describe("non-negative least squares", () => {
  test("a negative coefficient becomes zero and the rest is fitted again", () => {
    // Rows (1,0), (1,1), (1,2), times 3, 2, 1: free 3 - x; not negative: the mean, 2.
    const into = new Float64Array(2);
    new Nnls(2).solve(Float64Array.from([3, 3, 3, 5]), Float64Array.from([6, 4]), into);
    expect(into[0]).toBeCloseTo(2, 12);
    expect(into[1]).toBe(0);
  });

  test("meets the conditions of the optimum, from whatever start", () => {
    const size = 5;
    // Not the edges that fast-check likes: terms that repeat each other have more than one optimum.
    const entry = fc.noBias(fc.integer({ min: 0, max: 1000 }));
    fc.assert(
      fc.property(
        fc.array(fc.array(entry, { minLength: size, maxLength: size }), { minLength: 8, maxLength: 12 }),
        fc.array(
          entry.map((x) => x - 400),
          { minLength: 12, maxLength: 12 },
        ),
        fc.array(entry, { minLength: size, maxLength: size }),
        (rows, times, start) => {
          const gram = new Float64Array(size * size);
          const right = new Float64Array(size);
          rows.forEach((row, i) => {
            for (let j = 0; j < size; j++) {
              right[j]! += row[j]! * times[i]!;
              for (let k = 0; k < size; k++) gram[j * size + k]! += row[j]! * row[k]!;
            }
          });
          const solver = new Nnls(size);
          const loss = (x: Float64Array): number => {
            let sum = 0;
            rows.forEach((row, i) => {
              const off = row.reduce((total, value, j) => total + value * x[j]!, 0) - times[i]!;
              sum += off * off;
            });
            return sum;
          };
          const cold = new Float64Array(size);
          const warm = new Float64Array(size);
          solver.solve(gram, right, cold);
          solver.solve(gram, right, warm, undefined, Float64Array.from(start));
          for (const x of [...cold, ...warm]) expect(x).toBeGreaterThanOrEqual(0);
          expect(loss(warm)).toBeLessThanOrEqual(loss(cold) * (1 + 1e-6) + 1e-6);
          expect(loss(cold)).toBeLessThanOrEqual(loss(warm) * (1 + 1e-6) + 1e-6);
          // No step along one coefficient does better.
          for (let j = 0; j < size; j++)
            for (const step of [0.001, -0.001]) {
              const other = cold.slice();
              other[j] = Math.max(0, other[j]! + step);
              expect(loss(other)).toBeGreaterThanOrEqual(loss(cold) * (1 - 1e-9) - 1e-9);
            }
        },
      ),
      { numRuns: 200 },
    );
  });
});

test("exact sums are those of the definition, whatever the block", () => {
  const random = randomStream(1, "exact");
  const rows = 2100;
  const width = 3;
  const values = Uint32Array.from({ length: rows * width }, () => random.below(65536));
  const unit = Int32Array.from({ length: rows }, (_, i) => i % 1500);
  const sums = finished(exactSums({ rows, width, values, columnScale: new Float64Array(width) }, unit, 2 ** 33 + 5, 5));
  expect(sums.length).toBe(5 * 6);
  const four = new Float64Array(4);
  let expected = 0n;
  for (let i = 0; i < rows; i++) {
    weightsOf(unit[i]!, 1, 2 ** 33 + 5, four, 0, 1);
    expected += BigInt(four[0]!) * BigInt(values[i * width + 2]!) * BigInt(values[i * width + 1]!);
  }
  // Replicate 4 is the first of its quad; pair (2,1) is the fifth.
  expect(BigInt(sums[4 * 6 + 4]!)).toBe(expected);
});

describe("forms", () => {
  const data = measurementsOf(batches(400));

  test("a known formula is found to the last digits", () => {
    const [linear] = finished(fitForms(data, { forms: ["linear"], replicates: 0 }));
    expect(linear!.terms).toEqual(["1", "T", "D", "C", "W", "K"]);
    [0.01, 3e-5, 4e-5, 2e-8, 1e-8, 5e-7].forEach((truth, j) => expect(linear!.coefficients[j]! / truth).toBeCloseTo(1, 8));
    expect(linear!.cv.mapePct).toBeLessThan(1e-6);
    expect(linear!.cv.timeRatio).toBeCloseTo(1, 8);
  });

  test("times twice as long have coefficients twice as large; rows twice change nothing", () => {
    const rows = batches(200, 0.1);
    const fit = (given: readonly MeasuredRow[]) => finished(fitForms(measurementsOf(given), { forms: ["past"], replicates: 0 }))[0]!;
    const once = fit(rows);
    const slow = fit(rows.map((row) => ({ ...row, t: 2 * row.t })));
    const twice = fit(rows.flatMap((row) => [row, row]));
    once.coefficients.forEach((b, j) => {
      expect(Math.abs(slow.coefficients[j]! - 2 * b)).toBeLessThanOrEqual(1e-6 * b);
      expect(Math.abs(twice.coefficients[j]! - b)).toBeLessThanOrEqual(1e-6 * b);
    });
  });

  test("a few stalls are set aside and do not move the coefficients", () => {
    const rows = batches(400, 0.05);
    const stalled = rows.map((row, i) => (i % 50 === 7 ? { ...row, t: 4 * row.t } : row));
    const [fit] = finished(fitForms(measurementsOf(stalled), { forms: ["linear"], replicates: 0 }));
    expect(fit!.setAside).toEqual([7, 57, 107, 157, 207, 257, 307, 357]);
    expect(fit!.coefficients[0]! / 0.01).toBeCloseTo(1, 1);
    expect(fit!.stallShare).toBeGreaterThan(0.02);
  });

  test("intervals with the true terms hold the truth", () => {
    const noisy = measurementsOf(batches(300, 0.1));
    const fit = finished(fitTerms("linear", ["1", "T", "D", "C", "W", "K"], noisy, { replicates: 200, seed: 3 }));
    const truth = [0.01, 3e-5, 4e-5, 2e-8, 1e-8, 5e-7];
    const held = fit.bootstrap!.ci95.filter(([low, high], j) => low <= truth[j]! && truth[j]! <= high).length;
    expect(held).toBeGreaterThanOrEqual(5);
    expect(fit.bootstrap!.unit).toBe("row");
  });

  test("chosen terms predict held-out rows as well as the truth", () => {
    const [selected, linear] = finished(fitForms(measurementsOf(batches(300, 0.1)), { forms: ["selected", "linear"], replicates: 0 }));
    expect(selected!.terms.length).toBeLessThanOrEqual(10);
    expect(selected!.terms).toContain("1");
    expect(selected!.nested!.mapePct).toBeLessThan(1.1 * linear!.cv.mapePct);
  });

  test("progress comes in small steps, so that a caller can stop", () => {
    let steps = 0;
    for (const { done, total, phase } of fitForms(data, { forms: ["tokens"], replicates: 100 })) {
      steps++;
      expect(done).toBeLessThanOrEqual(total);
      expect(["fit", "bootstrap", "residuals"]).toContain(phase);
    }
    expect(steps).toBeGreaterThan(10);
  });
});

test("a table of totals has terms of totals alone", () => {
  const rows = batches(100).map((row) => ({ ...row, P: row.P + row.N, N: 0, D: row.D + row.N, C: row.C + row.K, K: 0, W: 0 }));
  const fits = finished(fitForms(measurementsOf(rows, true), { replicates: 0 }));
  expect(fits.map(({ form }) => form)).toEqual(["selected", "tokens", "past"]);
  for (const term of fits.flatMap(({ terms }) => terms)) expect(term).toMatch(/^(1|T|R|past|(min|max|ceil)\(T.*\))$/);
});

test("rows of whole runs: the terms are sums over their iterations", () => {
  const random = randomStream(5, "runs");
  const runs = Array.from({ length: 60 }, (_, line) => {
    const requests = 1 + random.below(32);
    const input = 1 + random.below(1000);
    const output = 1 + random.below(400);
    // Iteration by iteration: 10 ms, 30 us per token, 20 ns per token of context of a decode.
    let t = 0.01 + 3e-5 * requests * input;
    for (let j = 0; j < output - 1; j++) t += 0.01 + 3e-5 * requests + 2e-8 * requests * (input + j);
    const D = requests * (output - 1);
    const C = output < 2 ? 0 : D * (input + (output - 2) / 2);
    return { P: requests * input, N: requests, D, C, K: 0, W: (requests * input * input) / 2, t, line, run: { requests, input, output } };
  });
  const data = measurementsOf(runs);
  const [past] = finished(fitForms(data, { forms: ["past"], replicates: 0 }));
  const found = new Map(past!.terms.map((term, j) => [term, past!.coefficients[j]!]));
  expect(found.get("1")! / 0.01).toBeCloseTo(1, 6);
  expect(found.get("T")! / 3e-5).toBeCloseTo(1, 6);
  expect(found.get("C")! / 2e-8).toBeCloseTo(1, 6);
  expect(columnOf("ceil(D,8)", without(data, [0]))[0]).toBe((runs[1]!.run.output - 1) * 8 * Math.ceil(runs[1]!.run.requests / 8));
  expect(candidates(data).names.filter((name) => /m(in|ax)/.test(name))).toEqual([]);
  const { hull } = modelOf(past!, [past!], data, {
    note: "",
    source: { file: "runs.csv", hash: "0", format: "runs", rows: 60, refused: 0, setAside: 0 },
  });
  expect(hull.mixed!.D[1]).toBeLessThanOrEqual(32);
  expect(hull.mixed!.context[1]).toBeLessThanOrEqual(1400);
});

test("the fewest kinds of batches that can be fitted, and fewer", () => {
  const kinds = (count: number) => measurementsOf(Array.from({ length: 25 }, (_, i) => batches(count)[i % count]!));
  expect(fitProblem(kinds(4))).toBe("There are only 4 kinds of batches, and at least 5 are needed: vary what is in a batch.");
  const few = kinds(5);
  expect(fitProblem(few)).toBeNull();
  for (const { coefficients } of finished(fitForms(few, { replicates: 100 })))
    for (const b of coefficients) expect(b).toBeGreaterThanOrEqual(0);
});

test("terms by name", () => {
  const one = measurementsOf([{ P: 100, N: 2, D: 5, C: 5000, K: 30, W: 7, t: 1, line: 1 }]);
  const values: Record<string, number> = {
    T: 105,
    R: 7,
    past: 5030,
    pre: 1,
    "pre*D": 5,
    "min(T,64)": 64,
    "max(P-64,0)": 36,
    "ceil(T,64)": 128,
    "pre*max(C-4096,0)": 904,
  };
  for (const [name, value] of Object.entries(values)) expect(columnOf(name, one)[0], name).toBe(value);
  expect(termOf("exp(T)")).toBeNull();
  expect(candidates(measurementsOf(batches(60))).names.slice(0, 4)).toEqual(["1", "T", "pre", "P"]);
});

describe("bad data", () => {
  test("a batch that takes less time than several smaller ones is found", () => {
    const rows = batches(100);
    // The largest batch in the time of a small one.
    const wrong = { P: 5000, N: 3, D: 64, C: 1e6, K: 5000, W: 1e8, t: 0.012, line: 102 };
    expect(dominanceRows(measurementsOf([...rows, wrong]))).toEqual([100]);
    expect(dominanceRows(measurementsOf(rows))).toEqual([]);
    expect(without(measurementsOf([...rows, wrong]), [100]).rows).toBe(100);
  });

  test("what cannot be told apart is said", () => {
    const alike = batches(40).map((row) => ({ ...row, P: 0, N: 0, K: 0, W: 0, D: 8, C: 100 * row.line }));
    const warnings = warningsOf(measurementsOf(alike), 6);
    expect(warnings).toContain("All rows with decoding requests have 8 (D): its effect cannot be seen; vary it.");
    expect(warnings).toContain("Only decodes were measured: times of prefills are a guess.");
  });

  test("a time a thousand times too long is a slip of the unit", () => {
    const data = measurementsOf(batches(40).map((row, i) => (i === 3 ? { ...row, t: 1000 * row.t } : row)));
    expect(unitSlips(data, measurementsOf(batches(40)).t)).toEqual([3]);
  });
});

test("resampling draws compositions where rows repeat them", () => {
  const rows = batches(30).flatMap((row) => [row, { ...row, t: 1.01 * row.t }]);
  const data = measurementsOf(rows);
  expect(unitFor(data, 2)).toBe("composition");
  expect(unitFor(data, 7)).toBe("row");
  const columns = ["1", "T"].map((term) => columnOf(term, data));
  const ones = new Float64Array(data.rows).fill(1);
  const kept = new Uint8Array(data.rows).fill(1);
  const found = finished(bootstrap(data, columns, ones, kept, 1, 8));
  expect(found.coefficients.length).toBe(16);
  const quantised = quantise(columns, data.t, ones, kept);
  expect(Math.max(...quantised.values)).toBe(65535);
});
