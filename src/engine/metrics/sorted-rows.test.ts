import { assert, integer, property, array, constantFrom } from "fast-check";
import { expect, test } from "vitest";
import { sortedBy } from "./sorted-rows.ts";

test("rows in the order of a column, equal ones as they stood", () => {
  assert(
    property(
      array(constantFrom(...Array.from({ length: 40 }, (_, i) => i / 3)), { maxLength: 300 }),
      integer({ min: 1, max: 3 }),
      (values, step) => {
        const column = Float64Array.from(values);
        const rows = Int32Array.from(values.keys()).filter((row) => row % step === 0);
        const given = [...rows];
        expect([...sortedBy(rows, column)]).toEqual(given.toSorted((a, b) => column[a]! - column[b]!));
        expect([...rows]).toEqual(given);
      },
    ),
  );
});

test("what is in order already is not copied", () => {
  const rows = Int32Array.of(2, 0, 1);
  expect(sortedBy(rows, Float64Array.of(5, 5, 1))).toBe(rows);
});
