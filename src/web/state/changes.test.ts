import { describe, expect, test } from "vitest";
import { STARTING_SCENARIO } from "./starting-scenario.ts";
import { describeChanges } from "./changes.ts";
import { setIn } from "./paths.ts";

const base = STARTING_SCENARIO;

describe("describeChanges", () => {
  test("is empty for scenarios that run alike", () => {
    expect(describeChanges(base, structuredClone(base))).toBe("");
    expect(describeChanges(base, { ...base, name: "Another name" })).toBe("");
  });
  test("names what was before", () => {
    expect(describeChanges(base, setIn(base, "pools.0.replicas", 99))).toBe(`replicas ${base.pools[0]?.replicas}`);
    expect(describeChanges(base, setIn(base, "seed", 1234))).toBe(`seed ${base.seed}`);
    expect(describeChanges(base, setIn(base, "routing", { id: "random" }))).toBe("least outstanding");
  });
  test("uses the label, unit and default of the descriptor", () => {
    const before = setIn(base, "pools.0.batching", { id: "sarathi", params: { chunk: 1024 } });
    const after = setIn(before, "pools.0.batching.params", { chunk: 77, batchCap: 12 });
    expect(describeChanges(before, after)).toBe("chunk 1,024\u00a0tok, batch cap 256");
  });
  test("a profile is one value, by its file", () => {
    const on = (file: string, hash: string) =>
      setIn(base, "pools.0.latency", { id: "operator-table", params: { profile: { hash: hash.repeat(64), file } } });
    expect(describeChanges(on("mine.csv", "a"), on("other.csv", "b"))).toBe("profile mine.csv");
    expect(describeChanges(on("mine.csv", "a"), on("mine.csv", "b"))).toBe("profile mine.csv");
    expect(describeChanges(on("mine.csv", "a"), on("mine.csv", "a"))).toBe("");
  });
  test("what was not set, and fields whose key is no word", () => {
    expect(describeChanges(base, setIn(base, "pools.0.loadGbytesPerS", 5))).toBe("bandwidth for weights not set");
    expect(describeChanges(base, setIn(base, "pools.0.gpusPerNode", 8))).toBe("gpus per node not set");
  });
  test("counts the rest", () => {
    const after = setIn(setIn(setIn(base, "seed", 99), "loadStaleness", 3), "pools.0.startupSeconds", 1);
    expect(describeChanges(base, after, 1)).toMatch(/ and 2 more$/);
  });
});
