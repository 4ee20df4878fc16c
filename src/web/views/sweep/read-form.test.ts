import { describe, expect, test } from "vitest";
import { readForm } from "./read-form.ts";

const old = { name: "n", path: "pools[0].replicas", values: "1..4", seeds: 2, x: "cost", y: "e2e.p90", reference: [1, null] };

describe("forms of sweeps from links", () => {
  test("a link of the time of one parameter is a grid of one axis", () => {
    expect(readForm(old)).toEqual({
      name: "n",
      axes: [{ path: "pools[0].replicas", values: "1..4" }],
      design: "grid",
      settings: 32,
      seeds: 2,
      x: "cost",
      y: "e2e.p90",
      reference: [1, null],
      constraints: [],
    });
  });
  test("axes with ranges, design, constraints and split stay", () => {
    const { path: _, values: __, ...rest } = old;
    const form = {
      ...rest,
      axes: [
        { path: "a", values: "1" },
        { path: "b", values: "", range: { from: 1, to: 8, count: 4, scale: "log" } },
      ],
      design: "latin-hypercube",
      settings: 100,
      constraints: [{ metric: "slo", atLeast: 0.9 }],
      split: null,
    };
    expect(readForm(JSON.parse(JSON.stringify(form)))).toEqual(form);
  });
  test.each([
    null,
    7,
    {},
    { ...old, seeds: 0 },
    { ...old, path: 1 },
    { ...old, reference: [1] },
    { ...old, reference: [1, "a"] },
    { ...old, axes: [] },
  ])("%j is no form", (raw) => {
    expect(readForm(raw)).toBeNull();
  });
  test("parts that are none are left out, the rest stays", () => {
    const form = readForm({
      ...old,
      axes: [{ path: "a", values: "1", range: { from: "x" } }, 5],
      constraints: [{ metric: "joy", atMost: 1 }],
    });
    expect(form?.axes).toEqual([{ path: "a", values: "1" }]);
    expect(form?.constraints).toEqual([]);
  });
});
