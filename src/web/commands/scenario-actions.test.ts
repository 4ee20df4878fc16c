import { expect, test } from "vitest";
import { viewFrom } from "./scenario-actions.ts";

const sweep = { name: "n", path: "pools[0].replicas", values: "1..4", seeds: 2, x: "cost", y: "e2e.p90", reference: [null, 0.5] };

test("a link's view brings its screen and sweep", () => {
  expect(viewFrom({ screen: "experiments", sweep })).toEqual({ screen: "experiments", sweep });
});

test.each([{ screen: "casino" }, { sweep: "all" }, { sweep: null }])("what is not a view is left out: %j", (raw) => {
  expect(viewFrom(raw)).toEqual({});
});
