import { expect, test } from "vitest";
import { workloadHeads } from "./heads.ts";
import { presetFacts } from "./index.ts";
import { loadWorkload, loadableIds } from "./load.ts";

test("every measured workload can be loaded by itself", async () => {
  expect(loadableIds).toEqual(presetFacts.map(({ id }) => id));
  expect(workloadHeads.map(({ id }) => id)).toEqual(loadableIds);
  for (const facts of presetFacts) expect(await loadWorkload(facts.id)).toEqual([facts]);
  expect(await loadWorkload("no-such-workload")).toEqual([]);
});
