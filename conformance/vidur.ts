// Suite vidur: what Vidur recorded (github.com/microsoft/vidur, commit 7d47513), repeated with its execution-time model on the tables of the folder.
import type { Suite } from "./suite.ts";
import { checkBatches } from "./vidur-batches.ts";
import { checkMemory } from "./vidur-memory.ts";
import { checkRuns } from "./vidur-runs.ts";

export const suite: Suite = {
  id: "vidur",
  about:
    "Every recorded run again: the replica and restarts of each request and the number of batches exactly, the times of scheduling, end of prefill and completion within 1e-4, for tables and records are rounded. Single batches: within 1e-5 by the exact tables; by the raw profiles beside the folder, 1.5 % on average and 8 % at most. Memory plans: equal.",
  needsFolder: true,
  run: async (folder, report) => {
    await checkRuns(folder, report);
    await checkBatches(folder, report);
    await checkMemory(folder, report);
  },
};
