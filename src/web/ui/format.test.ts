import { describe, expect, test } from "vitest";
import {
  change,
  clock,
  counted,
  decimalsFor,
  fixed,
  limit,
  listed,
  milliseconds,
  money,
  percent,
  perHour,
  points,
  seconds,
  signed,
  significant,
  times,
  trimmed,
} from "./format.ts";

const plain = (text: string): string => text.replace(/\u00a0/g, "_").replace(/\u2212/g, "-");

describe("numbers", () => {
  test("thousands comma, true minus, no negative zero", () => {
    expect(fixed(1234567)).toBe("1,234,567");
    expect(fixed(-1234.5, 1)).toBe("\u22121,234.5");
    expect(fixed(-0.001, 1)).toBe("0.0");
    expect(fixed(NaN)).toBe("\u2013");
    expect(fixed(null)).toBe("\u2013");
  });
  test("three significant digits without an exponent", () => {
    expect([0.012345, 4.5678, 78.94, 1234.4, 9.999, 0].map((v) => significant(v))).toEqual([
      "0.0123",
      "4.57",
      "78.9",
      "1,234",
      "10.0",
      "0",
    ]);
    expect(decimalsFor(99.96)).toBe(0);
    expect(significant(99.96)).toBe("100");
  });
  test("trailing zeros", () => {
    expect([2, 0.5, 1.25, 100, 1000].map(trimmed)).toEqual(["2", "0.5", "1.25", "100", "1,000"]);
  });
});

describe("units", () => {
  test("durations choose ms or s, with a no-break space", () => {
    expect([0.0004, 0.002, 0.0384, 0.0996, 2, 9.996, 25.34, 312.4].map((v) => plain(seconds(v)))).toEqual([
      "0.40_ms",
      "2.0_ms",
      "38_ms",
      "0.10_s",
      "2.00_s",
      "10.0_s",
      "25.3_s",
      "312_s",
    ]);
    expect(plain(milliseconds(0.0914))).toBe("91_ms");
  });
  test("limits as they were set", () => {
    expect([2, 0.08, 0.5, 0.125, 30].map((v) => plain(limit(v)))).toEqual(["2_s", "80_ms", "500_ms", "125_ms", "30_s"]);
  });
  test("shares, money, factors", () => {
    expect(plain(percent(0.9016))).toBe("90.2_%");
    expect(money(103.767)).toBe("$103.77");
    expect(money(-3)).toBe("\u2212$3.00");
    expect(perHour(1250)).toBe("$1,250.00/h");
    expect(times(1.5)).toBe("1.50\u00a0\u00d7");
  });
});

describe("changes", () => {
  test("always carry a sign, except nothing", () => {
    expect(plain(change(23.6, 17.1))).toBe("+38_%");
    expect(plain(change(0.3, 0.44))).toBe("-32_%");
    expect(plain(change(1.002, 1))).toBe("+0.2_%");
    expect(plain(change(1, 1))).toBe("0_%");
    expect(change(1, 0)).toBe("\u2013");
    expect(plain(points(0.902 - 0.654))).toBe("+24.8_pt");
    expect(signed(0.0001, (v) => fixed(v, 1))).toBe("0.0");
  });
});

describe("clock and words", () => {
  test("mm:ss of simulated time", () => {
    expect([0, 59.99, 599, 1328, 7261].map((t) => clock(t))).toEqual(["00:00", "00:59", "09:59", "22:08", "121:01"]);
    expect(clock(567.19, 1)).toBe("09:27.1");
    expect(clock(0.3, 1)).toBe("00:00.3");
    expect(clock(NaN)).toBe("\u2013:\u2013");
  });
  test("counts and lists", () => {
    expect(plain(counted(1, "replica"))).toBe("1_replica");
    expect(plain(counted(1200, "request"))).toBe("1,200_requests");
    expect(listed(["c1", "c8", "c9"])).toBe("c1, c8 and c9");
    expect(listed(["c1"])).toBe("c1");
  });
});
