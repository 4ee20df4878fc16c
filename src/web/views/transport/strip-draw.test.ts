import { describe, expect, test } from "vitest";
import type { Series } from "../../../engine/metrics/results.ts";
import { columns, drawStrip, type StripColors } from "./strip-draw.ts";

const series = (bucketSeconds: number, arrivals: readonly number[], late: readonly number[] = []): Series =>
  ({
    bucketSeconds,
    length: arrivals.length,
    arrivals: Float64Array.from(arrivals),
    late: Float64Array.from(arrivals.map((_, i) => late[i] ?? 0)),
  }) as unknown as Series;
const colors: StripColors = { past: "past", future: "future", late: "late", axis: "axis", ink: "ink", wash: "wash" };

describe("strip", () => {
  test("turns buckets into rates per column, up to a time", () => {
    const s = series(5, [10, 20, 30, 40]);
    expect([...columns(s, s.arrivals, 20, 4, Infinity)]).toEqual([2, 4, 6, 8]);
    expect([...columns(s, s.arrivals, 20, 2, Infinity)]).toEqual([3, 7]);
    expect([...columns(s, s.arrivals, 20, 4, 10)]).toEqual([2, 4, 0, 0]);
    expect([...columns(s, s.arrivals, 40, 4, Infinity)]).toEqual([3, 7, 0, 0]);
  });
  test("draws past, late and playhead, and what comes from the run before", () => {
    const fills: string[] = [];
    let style = "";
    const context = {
      set fillStyle(value: string) {
        style = value;
      },
      globalAlpha: 1,
      clearRect: () => undefined,
      beginPath: () => undefined,
      arc: () => undefined,
      fill: () => fills.push(`dot ${style}`),
      fillRect: (x: number, _y: number, _w: number, h: number) => {
        if (h > 0) fills.push(`${style} ${x}`);
      },
    } as unknown as CanvasRenderingContext2D;
    drawStrip(
      context,
      12,
      40,
      { series: series(5, [10, 20], [0, 20]), ahead: series(5, [10, 20, 30, 40]), now: 10, end: 20, cursor: null, range: null },
      colors,
    );
    expect(fills).toEqual(["future 6", "future 9", "past 0", "past 3", "late 3", "axis 0", "ink 5", "dot ink"]);
  });
});
