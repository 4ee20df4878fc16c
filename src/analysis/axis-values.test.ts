import { describe, expect, test } from "vitest";
import { axisValues } from "./axis-values.ts";

const values = (text: string): readonly string[] | string => {
  const outcome = axisValues(text);
  return outcome.ok ? outcome.values : outcome.error;
};

describe("values of an axis", () => {
  test("lists, words and JSON", () => {
    expect(values("1,2, 3")).toEqual(["1", "2", "3"]);
    expect(values("inferline,hpa")).toEqual(["inferline", "hpa"]);
    expect(values("[[0,3]],[[0,5],[60,2]]")).toEqual(["[[0,3]]", "[[0,5],[60,2]]"]);
    expect(values('{"id":"hpa","params":{"target":1}},"a,b"')).toEqual(['{"id":"hpa","params":{"target":1}}', '"a,b"']);
  });
  test("ranges are counted, so that decimal steps stay decimal", () => {
    expect(values("2..5")).toEqual(["2", "3", "4", "5"]);
    expect(values("0..0.3:0.1")).toEqual(["0", "0.1", "0.2", "0.3"]);
    expect(values("0.8..1.1:0.05")).toEqual(["0.8", "0.85", "0.9", "0.95", "1", "1.05", "1.1"]);
    expect(values("1,4..8:2,20")).toEqual(["1", "4", "6", "8", "20"]);
    expect(values("-1..1")).toEqual(["-1", "0", "1"]);
  });
  test("ranges by a factor", () => {
    expect(values("1..64*4")).toEqual(["1", "4", "16", "64"]);
    expect(values("0.1..0.5*2,9")).toEqual(["0.1", "0.2", "0.4", "9"]);
    expect(values("1..8*1")).toBe('"1..8*1" has a factor of 1. Give a factor above 1, for example 1..8*2.');
    expect(values("0..8*2")).toMatch(/does not go up from a number above 0/);
    expect(values("1..8*1.001")).toMatch(/more than 200 values/);
  });
  test("what is wrong is said in one sentence, with a way out", () => {
    expect(values("")).toBe("There are no values. Give some, for example 1,2,3.");
    expect(values("1,,2")).toBe('"1,,2" has an empty value. Take one comma away.');
    expect(values("1,2,1")).toBe("The value 1 is there twice. Give each value once.");
    expect(values("5..1")).toBe('"5..1" ends before it begins. Give the smaller number first, for example 1..5.');
    expect(values("1..5:0")).toBe('"1..5:0" has a step of 0. Give a step above 0, for example 1..5:1.');
    expect(values("1..1000")).toMatch(/^"1\.\.1000" has 1000 values\. Give at most 200/);
  });
});
