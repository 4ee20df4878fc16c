import { describe, expect, test } from "vitest";
import { bytes, clock, fixed, limit, listed, MINUS, money, NBSP, percent, plural, seconds, significant, trimmed, whole } from "./format.ts";

describe("format", () => {
  test("groups thousands and uses a true minus", () => {
    expect(whole(34724)).toBe("34,724");
    expect(whole(-1234567)).toBe(`${MINUS}1,234,567`);
    expect(fixed(1204.5, 2)).toBe("1,204.50");
    expect(trimmed(1500)).toBe("1,500");
    expect(trimmed(0.0625)).toBe("0.0625");
  });
  test("keeps three significant digits", () => {
    expect(significant(0.7421)).toBe("0.742");
    expect(significant(23.61)).toBe("23.6");
    expect(significant(1204)).toBe("1,204");
    expect(significant(0)).toBe("0");
  });
  test("chooses the unit of a duration", () => {
    expect(seconds(0.00085)).toBe(`850${NBSP}µs`);
    expect(seconds(0.038)).toBe(`38${NBSP}ms`);
    expect(seconds(0.3)).toBe(`0.30${NBSP}s`);
    expect(seconds(4.1)).toBe(`4.10${NBSP}s`);
    expect(seconds(25.34)).toBe(`25.3${NBSP}s`);
    expect(seconds(0.0997)).toBe(`0.10${NBSP}s`);
    expect(limit(0.08)).toBe(`80${NBSP}ms`);
    expect(limit(2)).toBe(`2${NBSP}s`);
  });
  test("writes clocks, shares, money and bytes", () => {
    expect(clock(1328)).toBe("22:08");
    expect(clock(5999)).toBe("99:59");
    expect(clock(7328)).toBe("2:02:08");
    expect(percent(0.902)).toBe(`90.2${NBSP}%`);
    expect(money(103.766)).toBe("$103.77");
    expect(money(-2)).toBe(`${MINUS}$2.00`);
    expect(bytes(80e9)).toBe(`80.0${NBSP}GB`);
  });
  test("lists names", () => {
    expect(listed(["c3"])).toBe("c3");
    expect(listed(["c1", "c8", "c9"])).toBe("c1, c8 and c9");
    expect(listed(["a", "b", "c", "d", "e", "f"])).toBe("a, b, c and 3 more");
    expect(plural(1, "request")).toBe("1 request");
    expect(plural(2000, "request")).toBe("2,000 requests");
  });
  test("says a dash where there is no number", () => {
    expect([whole(NaN), fixed(Infinity, 1), seconds(NaN), significant(NaN)]).toEqual(["–", "–", "–", "–"]);
  });
});
