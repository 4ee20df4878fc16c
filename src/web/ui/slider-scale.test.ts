import { describe, expect, test } from "vitest";
import { integer, number } from "../../engine/params.ts";
import { complaint, fieldText, fromPosition, hasSlider, snap, toPosition } from "./slider-scale.ts";

const rate = number(1, "", { min: 0.1, max: 10, scale: "log" });
const window = number(10, "", { min: 0, max: 60, step: 5, unit: "s" });
const cap = integer(96, "", { min: 1, max: 512 });

describe("slider scale", () => {
  test("is logarithmic where the parameter says so", () => {
    expect(toPosition(rate, 1)).toBeCloseTo(0.5);
    expect(fromPosition(rate, 0.5)).toBe(1);
    expect(fromPosition(rate, 1)).toBe(10);
  });
  test("moves in steps and stays in range", () => {
    expect(fromPosition(window, 0.5)).toBe(30);
    expect(fromPosition(window, 0.46)).toBe(30);
    expect(snap(window, 99)).toBe(60);
    expect(snap(cap, 12.4)).toBe(12);
  });
  test("goes to zero at the left end of a logarithmic range that includes it", () => {
    const delay = number(1, "", { min: 0, max: 100, scale: "log" });
    expect(fromPosition(delay, 0)).toBe(0);
    expect(toPosition(delay, 0)).toBe(0);
  });
  test("is left out where limits only guard against nonsense", () => {
    expect(hasSlider(cap)).toBe(true);
    expect(hasSlider(number(1, ""))).toBe(false);
  });
  test("writes numbers so that they can be typed back", () => {
    expect([1500, 0.00001, 2e-7, 1.5, 96].map(fieldText)).toEqual(["1,500", "0.00001", "0.0000002", "1.5", "96"]);
  });
  test("says the limit", () => {
    expect(complaint(cap, 0)).toBe("At least 1");
    expect(complaint(window, 61)).toBe("At most 60\u00a0s");
    expect(complaint(cap, 1.5)).toBe("Whole numbers only");
    expect(complaint(cap, 2)).toBeNull();
  });
});
