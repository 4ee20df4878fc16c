import { expect, test } from "vitest";
import { viewFrom } from "./scenario-actions.ts";

const sweep = { name: "n", path: "pools[0].replicas", values: "1..4", seeds: 2, x: "cost", y: "e2e.p90", reference: [null, 0.5] };

test("a link's view brings its screen and sweep", () => {
  expect(viewFrom({ screen: "experiments", sweep })).toEqual({ screen: "experiments", sweep });
});

test.each([
  { screen: "casino" },
  { sweep: "all" },
  { sweep: null },
  { sweep: { ...sweep, seeds: 0 } },
  { sweep: { ...sweep, values: 3 } },
  { sweep: { ...sweep, path: "x".repeat(2000) } },
  { sweep: { ...sweep, reference: [1] } },
  { sweep: { ...sweep, reference: [1, "a"] } },
])("what is not a view is left out: %j", (raw) => {
  expect(viewFrom(raw)).toEqual({});
});
