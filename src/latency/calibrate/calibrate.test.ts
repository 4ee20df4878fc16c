// Calibration on a simulator by hand, where the truth is known.
import { describe, expect, test } from "vitest";
import { finished } from "../fit/fit.ts";
import { calibrate } from "./calibrate.ts";
import { boundedStep } from "./least-squares.ts";
import { OUTSIDE } from "./types.ts";
import type { ClientMeans, Knob, MeasuredRun, Simulate } from "./types.ts";

const knob = (id: string, initial: number, spread: number, [low, high]: readonly [number, number] = [0.01, 100]): Knob => ({
  id,
  label: id,
  unit: "x",
  low,
  high,
  initial,
  offset: id === "host" ? 0.3 : id === OUTSIDE ? 5 : 0,
  spread,
});
const knobs = [knob("speed", 1, 0.5), knob("host", 0.1, 2), knob("unused", 1, 0.3), knob(OUTSIDE, 3, 1.5, [0.1, 1000])];

/** Work and requests of a run: a token takes work / speed + host x requests. */
const LOADS = [1, 2, 4, 8, 16, 32].flatMap((requests) => [5, 20].map((work) => ({ work, requests })));
const engine = (speed: number, host: number, run: number): ClientMeans => {
  const { work, requests } = LOADS[run]!;
  const tpot = (work / speed + host * requests) * 1e-3;
  const ttft = tpot * 2;
  return { ttft, tpot, e2e: ttft + 100 * tpot };
};
const simulate: Simulate = ({ speed, host }, run) => engine(speed!, host!, run);
const outside = 0.008;
const measured = (noise: (i: number) => number): readonly MeasuredRun[] =>
  LOADS.map((_, i) => {
    const { ttft, tpot, e2e } = engine(0.7, 0.35, i);
    const factor = 1 + noise(i);
    return { name: `run ${i}`, measured: { ttft: (ttft! + outside) * factor, tpot: tpot! * factor, e2e: (e2e! + outside) * factor } };
  });
const solve = (runs: readonly MeasuredRun[]) => finished(calibrate(runs, knobs, simulate));

describe("calibration", () => {
  test("finds what made the runs, from far away", () => {
    const { knobs: found, errors, converged, intervals } = solve(measured(() => 0));
    const value = (id: string): number => found.find((one) => one.knob.id === id)!.value;
    expect(value("speed")).toBeCloseTo(0.7, 2);
    expect(value("host")).toBeCloseTo(0.35, 2);
    expect(value(OUTSIDE)).toBeCloseTo(8, 1);
    expect(errors.before.tpot).toBeGreaterThan(0.2);
    expect(errors.after.tpot).toBeLessThan(0.002);
    expect(errors.heldOut.tpot).toBeLessThan(0.01);
    expect([converged, intervals]).toEqual([true, "bootstrap"]);
  });

  test("few runs that are all far off move it, too", () => {
    const few = measured(() => 0)
      .slice(0, 4)
      .map((run, i) => ({ ...run, measured: { ttft: null, tpot: engine(1, 3, i).tpot, e2e: null } }));
    const { errors } = solve(few);
    expect(errors.before.tpot).toBeGreaterThan(0.25);
    expect(errors.after.tpot).toBeLessThan(0.02);
  });

  test("says of what the runs tell nothing: it stays where it was, as unsure as before", () => {
    const unused = solve(measured(() => 0)).knobs.find((one) => one.knob.id === "unused")!;
    expect(unused.value).toBeCloseTo(1, 6);
    expect(unused.told).toBeLessThan(0.25);
    // About 1.96 x 0.3 to each side, as a logarithm.
    expect(unused.interval[0]).toBeLessThan(0.65);
    expect(unused.interval[1]).toBeGreaterThan(1.6);
  });

  test("noise of 3 % leaves the truth inside the intervals, and one stalled run does not move it", () => {
    const noise = (i: number): number => (((i * 7) % 5) - 2) * 0.015;
    for (const stalled of [-1, 3]) {
      const { knobs: found } = solve(measured((i) => (i === stalled ? 2 : noise(i))));
      for (const [id, truth] of [
        ["speed", 0.7],
        ["host", 0.35],
      ] as const) {
        const { interval, value } = found.find((one) => one.knob.id === id)!;
        expect(interval[0]).toBeLessThan(truth);
        expect(interval[1]).toBeGreaterThan(truth);
        expect(Math.abs(value / truth - 1)).toBeLessThan(0.12);
      }
    }
  });

  test("a bound holds", () => {
    const bounded = knobs.map((one) => (one.id === "speed" ? { ...one, low: 0.9 } : one));
    expect(
      finished(
        calibrate(
          measured(() => 0),
          bounded,
          simulate,
        ),
      ).knobs[0]!.value,
    ).toBeGreaterThanOrEqual(0.9 - 1e-9);
  });

  test("few runs give intervals from the curvature; a missing mean is left out", () => {
    const few = measured(() => 0)
      .slice(0, 3)
      .map((run, i) => (i === 0 ? { ...run, measured: { ...run.measured, ttft: null } } : run));
    const result = finished(calibrate(few, knobs, simulate));
    expect(result.intervals).toBe("curvature");
    expect(result.errors.after.ttft).toBeLessThan(0.02);
  });

  test("the same runs give the same bits, in as many simulations as were counted", () => {
    let calls = 0;
    const runs = measured((i) => 0.01 * i);
    const counted: Simulate = (values, run) => (calls++, simulate(values, run));
    const first = finished(calibrate(runs, knobs, counted));
    expect(first.simulations).toBe(calls);
    expect(JSON.stringify(solve(runs))).toBe(JSON.stringify(first));
  });

  test("progress comes after every simulation, so that a caller may stop", () => {
    const steps = calibrate(
      measured(() => 0),
      knobs,
      simulate,
    );
    for (let i = 1; i <= 20; i++) {
      const { value, done } = steps.next();
      expect(done).toBe(false);
      expect(value).toMatchObject({ done: i });
    }
  });
});

describe("steps within bounds", () => {
  const problem = (most: number) => ({
    slopes: [Float64Array.of(1, 0), Float64Array.of(1, 1)],
    residuals: Float64Array.of(-2, -3),
    weights: Float64Array.of(1, 1),
    offset: new Float64Array(2),
    precision: Float64Array.of(1e-12, 1e-12),
    least: Float64Array.of(-10, -10),
    most: Float64Array.of(most, 10),
  });
  test("free: both rows are met", () => {
    const [a, b] = boundedStep(problem(10));
    expect([a, b].map((x) => Number(x!.toFixed(6)))).toEqual([2, 1]);
  });
  test("one is held at its bound, the other makes up for it", () => {
    const [a, b] = boundedStep(problem(1.5));
    expect([a, b].map((x) => Number(x!.toFixed(6)))).toEqual([1.5, 1.5]);
  });
});
