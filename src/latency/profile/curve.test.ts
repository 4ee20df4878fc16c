import { describe, expect, test } from "vitest";
import { Curve, Grid } from "./curve.ts";

describe("a curve", () => {
  const curve = new Curve(Float64Array.of(2, 4, 8, 16), Float64Array.of(10, 12, -1, 24));

  test("goes through its points, straight between them, over those that were not measured", () => {
    expect([2, 3, 4, 8, 10, 16].map((x) => curve.at(x))).toEqual([10, 11, 12, 16, 18, 24]);
  });

  test("is flat before its first point and goes on as its upper half beyond its last", () => {
    expect([0, 1].map((x) => curve.at(x))).toEqual([10, 10]);
    expect(curve.end).toBe(16);
    // From 4 to 16 it rises by 12: the points from half of 16 on are one, so the last before them counts.
    expect(curve.at(26)).toBe(34);
  });

  test("never falls beyond its last point, and is a constant where it has one", () => {
    expect(new Curve(Float64Array.of(1, 2), Float64Array.of(9, 3)).at(100)).toBe(3);
    expect(new Curve(Float64Array.of(7), Float64Array.of(5)).at(70)).toBe(5);
  });
});

describe("a grid", () => {
  test("is bilinear inside, and its edge outside", () => {
    const grid = new Grid(Float64Array.of(1, 3), Float64Array.of(0, 64), Float64Array.of(1, 2, 5, 10));
    expect(grid.at(1, 0)).toBe(1);
    expect(grid.at(3, 64)).toBe(10);
    expect(grid.at(2, 32)).toBe((1 + 2 + 5 + 10) / 4);
    expect(grid.at(2, 0)).toBe(3);
    expect([grid.at(0, 0), grid.at(9, 999), grid.at(9, 0)]).toEqual([1, 10, 5]);
    expect([grid.lastRow, grid.lastColumn]).toEqual([3, 64]);
  });

  test("finds rows that lie one step apart, as a search would", () => {
    const rows = Float64Array.of(2, 4, 6);
    const grid = new Grid(rows, Float64Array.of(0), Float64Array.of(20, 40, 60));
    expect([1, 2, 3, 4, 5.5, 6, 7].map((row) => grid.at(row, 0))).toEqual([20, 20, 30, 40, 55, 60, 60]);
  });

  test("a hole between two points of a row lies on their line, rows without a time are left out", () => {
    const grid = new Grid(Float64Array.of(1, 2, 3), Float64Array.of(0, 10, 30), Float64Array.of(1, -1, 7, -1, -1, -1, 2, 3, 4));
    expect(Array.from(grid.rows)).toEqual([1, 3]);
    expect(grid.at(1, 10)).toBe(3);
  });

  test("beyond a row's points it goes on as the nearest row that was measured there; a larger row in proportion", () => {
    const grid = new Grid(Float64Array.of(1, 2, 4), Float64Array.of(0, 10), Float64Array.of(5, -1, 6, 9, 8, -1));
    expect(grid.at(1, 10)).toBe(5 + 3);
    expect(grid.at(4, 10)).toBe(8 + 2 * 3);
  });
});
