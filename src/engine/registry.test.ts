import { expect, test } from "vitest";
import { byId, registry } from "./registry.ts";

const things = [{ id: "a" }, { id: "b" }];

test("an id stands once", () => {
  expect(registry("thing", things)).toBe(things);
  expect(() => registry("thing", [...things, { id: "a" }])).toThrow('Two entries of kind thing have the id "a"');
});

test("an unknown id is answered with those that are known", () => {
  expect(byId("thing", things, "b")).toBe(things[1]);
  expect(() => byId("thing", things, "c")).toThrow('Unknown thing "c". Known: a, b.');
});
