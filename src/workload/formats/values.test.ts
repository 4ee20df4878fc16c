// Numbers and times by hand-computed values.
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { hash53, KeyNumbers } from "./columns.ts";
import { JsonScanner } from "./json-scanner.ts";
import { daysFromCivil, NEGATIVE, NOT_A_NUMBER, OUT_OF_RANGE, parseDate, parseLogTime, parseTime, parseTokens } from "./values.ts";
import type { UnitDigits } from "./values.ts";

const moment = () => ({ whole: 0, fraction: 0, offset: 0 });

test.each([
  ["0", 0],
  ["12", 12],
  ["+64", 64],
  ["0012", 12],
  ["10000000", 10000000],
  ["374.0", 374],
  ["374.", 374],
  ["1,370", 1370],
  ["12,345,678", OUT_OF_RANGE],
  ["1,37", NOT_A_NUMBER],
  ["", NOT_A_NUMBER],
  ["NaN", NOT_A_NUMBER],
  ["Infinity", NOT_A_NUMBER],
  ["null", NOT_A_NUMBER],
  ["12 3", NOT_A_NUMBER],
  ["--1", NOT_A_NUMBER],
  ["-7", NEGATIVE],
  ["-0.5", NEGATIVE],
  ["100.5", OUT_OF_RANGE],
  ["0x10", OUT_OF_RANGE],
  ["1e3", OUT_OF_RANGE],
  ["1e308", OUT_OF_RANGE],
  ["9007199254740993", OUT_OF_RANGE],
  ["-0", 0],
])("tokens %s -> %d", (text, value) => {
  expect(parseTokens(text) === value).toBe(true);
});

test.each<[string, UnitDigits, number, number, number]>([
  ["0", 0, 0, 0, 0],
  ["1.5", 0, 0, 1, 0.5],
  ["19440110.0", 0, 0, 19440110, 0],
  ["0.30000000000000004", 0, 0, 0, 0.30000000000000004],
  ["2750", 3, 0, 2, 0.75],
  ["5", 3, 0, 0, 0.005],
  ["1.5", 3, 0, 0, 0.0015],
  ["1763806500000000001", 9, 0, 1763806500, 1e-9],
  ["1e2", 0, 0, 100, 0],
  ["1e400", 0, OUT_OF_RANGE, 0, 0],
  ["-3", 0, OUT_OF_RANGE, 0, 0],
  ["", 0, NOT_A_NUMBER, 0, 0],
  ["nan", 0, NOT_A_NUMBER, 0, 0],
  ["0x10", 0, OUT_OF_RANGE, 0, 0],
  ["1,5", 0, NOT_A_NUMBER, 0, 0],
  ["9999999999999999", 0, OUT_OF_RANGE, 0, 0],
])("time %s at 10^-%d s", (text, digits, status, whole, fraction) => {
  const into = moment();
  expect(parseTime(text, digits, into)).toBe(status);
  if (status === 0) expect([into.whole, into.fraction]).toEqual([whole, fraction]);
});

test("seconds read digit by digit are those that the platform's parser gives", () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1e9, noNaN: true }), (value) => {
      const text = value.toFixed(6);
      const into = moment();
      expect(parseTime(text, 0, into)).toBe(0);
      expect(into.whole).toBe(Math.floor(Number(text)));
      expect(into.fraction).toBe(Number(`0.${text.split(".")[1]}`));
    }),
    { seed: 3 },
  );
});

test("dates agree with the platform's, for any time and offset", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4102444799 }), fc.integer({ min: -14 * 60, max: 14 * 60 }), (seconds, offset) => {
      const local = new Date((seconds + offset * 60) * 1000);
      if (local.getTime() < 0) return;
      const sign = offset < 0 ? "-" : "+";
      const two = (value: number): string => String(Math.abs(value)).padStart(2, "0");
      const text = `${local.toISOString().slice(0, 19)}.1234567${sign}${two(Math.trunc(offset / 60))}:${two(offset % 60)}`;
      const into = moment();
      expect(parseDate(text, into)).toBe(true);
      expect([into.whole, into.fraction]).toEqual([seconds, 0.1234567]);
    }),
    { seed: 4 },
  );
  expect(daysFromCivil(1970, 1, 1)).toBe(0);
});

test.each([
  "2023-13-01 00:00:00",
  "2023-02-29 00:00:00",
  "2023-11-16 24:00:00",
  "2023-11-16",
  "2023-11-16 18:15",
  "2023-11-16 18:15:00.",
  "2023-11-16 18:15:00+25:00",
  "2023-11-16 18:15:00 CET",
  "16/11/2023 18:15:00",
  "1969-12-31 23:00:00",
])("%s is no date", (text) => expect(parseDate(text, moment())).toBe(false));

test("log times", () => {
  const into = moment();
  expect(parseLogTime("31/Dec/2025:23:59:59 +0100", into)).toBe(true);
  expect(into.whole).toBe(Date.UTC(2025, 11, 31, 22, 59, 59) / 1000);
  expect(parseLogTime("31/Xyz/2025:23:59:59 +0100", into)).toBe(false);
});

test("keys get numbers in the order of first sight, whatever the size of the table", () => {
  const numbers = new KeyNumbers();
  const keys = Array.from({ length: 5000 }, (_, i) => `key ${i}`);
  expect(keys.map((key) => numbers.of(key))).toEqual(keys.map((_, i) => i));
  expect(keys.map((key) => numbers.of(key))).toEqual(keys.map((_, i) => i));
  expect(numbers.set("alias", 7)).toBe(7);
  expect([numbers.known("alias"), numbers.known("never"), numbers.count]).toEqual([7, -1, 5000]);
  expect(new Set(keys.map(hash53)).size).toBe(5000);
});

test("the scanner finds the values at its paths, in chunks of any size, as the platform's parser would", () => {
  fc.assert(
    fc.property(fc.array(fc.json({ maxDepth: 3 }), { maxLength: 5 }), fc.integer({ min: 1, max: 9 }), (items, size) => {
      const parsed = items.map((item) => JSON.parse(item) as unknown);
      const text = JSON.stringify({ skip: { list: ["no"] }, 'a"b': 1, list: parsed, tail: "]}" }, null, size % 3);
      const found: unknown[] = [];
      const scanner = new JsonScanner([["list", "*"]], (_path, value) => found.push(JSON.parse(value)));
      for (let at = 0; at < text.length; at += size) scanner.feed(text.slice(at, at + size));
      expect(scanner.finish()).toBe(true);
      expect(found).toEqual(parsed);
    }),
    { seed: 5 },
  );
});
