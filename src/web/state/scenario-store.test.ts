import { beforeEach, describe, expect, test } from "vitest";
import { changedFrom, startWith, useScenarioStore } from "./scenario-store.ts";
import { getIn, same, setIn } from "./paths.ts";
import { STARTING_SCENARIO } from "./starting-scenario.ts";

const store = () => useScenarioStore.getState();

beforeEach(() => {
  startWith(STARTING_SCENARIO);
  store().setBaseline(null);
});

describe("paths", () => {
  test("read and replace one value, sharing the rest", () => {
    const data = { list: [{ a: 1 }, { a: 2 }], other: { b: 3 } };
    const next = setIn(data, "list.1.a", 9);
    expect(next).toEqual({ list: [{ a: 1 }, { a: 9 }], other: { b: 3 } });
    expect(next.other).toBe(data.other);
    expect(next.list[0]).toBe(data.list[0]);
    expect(getIn(next, "list.1.a")).toBe(9);
    expect(getIn(next, "list.7.a")).toBeUndefined();
  });
  test("make what is missing, and remove with undefined", () => {
    expect(setIn<object>({ id: "x" }, "params.chunk", 5)).toEqual({ id: "x", params: { chunk: 5 } });
    expect(setIn<object>({ a: 1, b: 2 }, "b", undefined)).toEqual({ a: 1 });
    expect(setIn(Object.freeze({ a: 1 }), "a", 1)).toEqual({ a: 1 });
  });
  test("compare plain data", () => {
    expect(same({ a: [1, { b: NaN }] }, { a: [1, { b: NaN }] })).toBe(true);
    expect(same({ a: 1 }, { a: 1, b: undefined })).toBe(true);
    expect(same({ a: 1 }, { a: 2 })).toBe(false);
  });
});

describe("scenario store", () => {
  test("undoes a slider drag in one step", () => {
    for (const value of [2, 3, 4]) store().set("traffic.rateScale", value, "traffic.rateScale");
    store().endGesture();
    store().set("seed", 1234);
    expect(store().scenario.traffic.rateScale).toBe(4);
    store().undo();
    expect(store().scenario.traffic.rateScale).toBe(4);
    store().undo();
    expect(store().scenario).toBe(STARTING_SCENARIO);
    store().redo();
    expect(store().scenario.traffic.rateScale).toBe(4);
  });
  test("sets parameters that had their default", () => {
    store().set("pools.0.batching.params.chunk", 333);
    expect(store().scenario.pools[0]?.batching.params?.["chunk"]).toBe(333);
    expect(STARTING_SCENARIO.pools[0]?.batching.params?.["chunk"]).not.toBe(333);
  });
  test("says what differs from the pinned run", () => {
    expect(changedFrom(store(), "seed")).toBeUndefined();
    store().setBaseline(store().scenario);
    expect(changedFrom(store(), "seed")).toBeUndefined();
    store().set("seed", 4321);
    expect(changedFrom(store(), "seed")).toEqual({ was: STARTING_SCENARIO.seed });
  });
});
