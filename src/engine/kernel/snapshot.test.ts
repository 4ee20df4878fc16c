import { expect, test } from "vitest";
import { load, save } from "./snapshot.ts";

class Part {
  values = Float64Array.of(1, 2);
  readonly twice = (x: number): number => 2 * x;
}

test("what is saved is plain data, and loading it fills live parts in place", () => {
  const part = new Part();
  const live = { part, again: part, list: [1, 2, 3], map: new Map([["a", { n: 1 }]]), set: new Set([4]), code: { never: "saved" } };
  const entry = live.map.get("a")!;
  const saved = structuredClone(save(live, new Set([live.code])));
  part.values[0] = 9;
  live.list.push(4);
  entry.n = 2;
  live.map.set("b", { n: 5 });
  live.set.clear();
  load(live, saved as object);
  expect([...part.values]).toEqual([1, 2]);
  expect(live.again).toBe(part);
  expect(live.list).toEqual([1, 2, 3]);
  expect(live.map.get("a")).toBe(entry);
  expect([...live.map]).toEqual([["a", { n: 1 }]]);
  expect([...live.set]).toEqual([4]);
  expect(live.code).toEqual({ never: "saved" });
  expect(part.twice(2)).toBe(4);
});

test("a saved graph does not change with the live one", () => {
  const live = { values: Int32Array.of(1), deep: { list: [{ x: 1 }] } };
  const saved = save(live, new Set()) as typeof live;
  live.values[0] = 2;
  live.deep.list[0]!.x = 2;
  expect([saved.values[0], saved.deep.list[0]!.x]).toEqual([1, 1]);
});

test("two saved parts never land in one live part", () => {
  const one = Int32Array.of(1);
  const two = Int32Array.of(2);
  const live = { chosen: one, one, two };
  const saved = save(live, new Set());
  live.chosen = two;
  load(live, structuredClone(saved) as object);
  expect([live.chosen[0], live.one[0], live.two[0]]).toEqual([1, 1, 2]);
  expect(live.chosen).toBe(live.one);
  expect(live.one).not.toBe(live.two);
});

test("grown arrays shrink to what they were", () => {
  const live = { values: new Int32Array(2), list: [1] };
  const saved = save(live, new Set());
  live.values = new Int32Array(8);
  live.list.push(2);
  load(live, saved as object);
  expect([live.values.length, live.list.length]).toEqual([2, 1]);
});
