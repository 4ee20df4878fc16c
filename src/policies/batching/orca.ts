// Iteration-level scheduling with reserved memory: requests join and leave the batch at every iteration, and each holds blocks for the longest
// sequence (Yu et al., "Orca: A Distributed Serving System for Transformer-Based Generative Models", OSDI 2022). Rules as in Vidur's replica scheduler.
import { integer } from "../../engine/params.ts";
import { definePolicy } from "../../engine/contracts.ts";
import type { LaneControl } from "../../engine/contracts.ts";
import { admitReserved, longestSequence } from "./reserved.ts";

export const orca = definePolicy({
  kind: "batching",
  id: "orca",
  label: "Reserved memory (Orca)",
  help: "Every iteration carries all decodes and the whole prompts of those that come in; each request reserves blocks for the longest sequence, so nobody is preempted (Orca, OSDI 2022).",
  params: {
    maxTokens: longestSequence,
    batchCap: integer(256, "Most requests in a batch. With pipeline stages, in each of the batches under way.", {
      label: "Batch cap",
      min: 1,
      max: 4096,
      scale: "log",
    }),
  },
  create: ({ maxTokens, batchCap }) => ({
    plan: (lane: LaneControl) => {
      admitReserved(lane, lane.decodeCount + lane.prefillCount, batchCap, maxTokens);
      lane.decode();
      // First come, first served: while the head cannot come in, nobody behind it can.
      return lane.waitingCount > 0 ? -Infinity : Infinity;
    },
  }),
});
