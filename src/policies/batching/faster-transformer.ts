// Static batching: a batch is served to the end of its last request before the next one is formed, and holds its memory as long
// (NVIDIA FasterTransformer). Rules as in Vidur's replica scheduler, but for blocks of requests that end early: there they are never freed, here with the batch.
import { integer } from "../../engine/params.ts";
import { definePolicy } from "../../engine/contracts.ts";
import type { LaneControl } from "../../engine/contracts.ts";
import { admitReserved, longestSequence } from "./reserved.ts";

export const fasterTransformer = definePolicy({
  kind: "batching",
  id: "faster-transformer",
  label: "Static batching",
  help: "Serves a batch until its last request has ended, then forms the next from those that wait; each request reserves blocks for the longest sequence to the end of its batch (FasterTransformer).",
  params: {
    maxTokens: longestSequence,
    batchCap: integer(32, "Most requests in a batch. With pipeline stages, in each of the batches under way.", {
      label: "Batch cap",
      min: 1,
      max: 4096,
      scale: "log",
    }),
  },
  create: ({ maxTokens, batchCap }) => ({
    keepsBlocks: true,
    plan: (lane: LaneControl) => {
      if (lane.decodeCount + lane.prefillCount === 0) admitReserved(lane, 0, batchCap, maxTokens);
      lane.decode();
      // Who arrives now waits for the batch to end.
      return -Infinity;
    },
  }),
});
