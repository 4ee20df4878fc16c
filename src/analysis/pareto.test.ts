import fc from "fast-check";
import { expect, test } from "vitest";
import { dominates, dominators, paretoFront } from "./pareto.ts";

test("a front by hand", () => {
  const items = [
    { name: "a", at: [3, 1] },
    { name: "b", at: [1, 4] },
    { name: "c", at: [2, 4] },
    { name: "d", at: [2, 2] },
    { name: "e", at: [3, 1] },
  ];
  expect(paretoFront(items, ({ at }) => at).map(({ name }) => name)).toEqual(["b", "d", "a", "e"]);
  expect([...dominators(items, ({ at }) => at)]).toEqual([-1, -1, 3, -1, -1]);
});

test("equal points do not dominate each other; smaller in one coordinate is enough where none is larger", () => {
  expect([dominates([1, 2], [1, 2]), dominates([1, 1], [1, 2]), dominates([1, 3], [2, 2])]).toEqual([false, true, false]);
});

test("in any number of dimensions: exactly the points that none dominates are in the front", () => {
  const anyPoints = fc
    .integer({ min: 1, max: 3 })
    .chain((n) => fc.array(fc.array(fc.integer({ min: 0, max: 6 }), { minLength: n, maxLength: n }), { maxLength: 20 }));
  fc.assert(
    fc.property(anyPoints, (points) => {
      const by = dominators(points, (point) => point);
      points.forEach((point, i) => {
        expect(by[i] === -1).toBe(!points.some((other) => dominates(other, point)));
        if (by[i]! >= 0) expect(dominates(points[by[i]!]!, point)).toBe(true);
      });
    }),
  );
});
