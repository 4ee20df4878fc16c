import { expect, test } from "vitest";
import { effectOf } from "./sensitivity.ts";

const grid = [0, 1, 2, 3].flatMap((a) => [0, 1].map((b) => ({ a: String(a), b: b === 0 ? "off" : "on", y: 3 * a + 4 * b })));

test("on a full grid of an additive quantity the shares add up to one", () => {
  const a = effectOf(
    grid.map((row) => row.a),
    grid.map((row) => row.y),
  );
  const b = effectOf(
    grid.map((row) => row.b),
    grid.map((row) => row.y),
  );
  // Variances: 9 x 1.25 = 11.25 of a, 16 x 0.25 = 4 of b.
  expect(a.share).toBeCloseTo(11.25 / 15.25, 12);
  expect(b.share).toBeCloseTo(4 / 15.25, 12);
  expect(a.groups.map(({ label, mean }) => [label, mean])).toEqual([
    ["0", 2],
    ["1", 5],
    ["2", 8],
    ["3", 11],
  ]);
  expect(b.groups.map(({ label }) => label)).toEqual(["off", "on"]);
});

test("what does not vary has no share, and settings without the quantity do not count", () => {
  expect(effectOf(["1", "2"], [5, 5]).share).toBeNull();
  expect(effectOf(["1", "1"], [5, 6]).share).toBeNull();
  expect(effectOf([], []).groups).toEqual([]);
  expect(effectOf(["1", "2", "2"], [1, null, 3]).groups.map(({ count }) => count)).toEqual([1, 1]);
});

test("many drawn numbers are grouped in equal parts, by size and not by name", () => {
  const values = Array.from({ length: 60 }, (_, i) => String(i + 1));
  const { groups, share } = effectOf(values, values.map(Number));
  expect(groups.map(({ count }) => count)).toEqual([10, 10, 10, 10, 10, 10]);
  expect(groups[0]).toMatchObject({ label: "1 to 10", mean: 5.5, at: 5.5 });
  expect(share).toBeGreaterThan(0.97);
});
