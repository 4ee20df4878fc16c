// What the schedulers without a paged KV cache have in common: each request holds room for the longest sequence from its admission to its end.
import { integer } from "../../engine/params.ts";
import type { LaneControl } from "../../engine/contracts.ts";

export const longestSequence = integer(
  4096,
  "Tokens of prompt and output that every request reserves KV blocks for when it is let in, whatever it uses. A longer one reserves its own length (an oracle: it knows the output).",
  { label: "Longest sequence", min: 16, max: 1_048_576, unit: "tok", scale: "log" },
);

/** Blocks that a waiting request reserves; never more than there are, so that the longest can be served alone. */
export function reservation(lane: LaneControl, slot: number, maxTokens: number): number {
  const own = Math.ceil((lane.requests.target[slot]! + lane.leftOf(slot)) / lane.blockSize);
  return Math.min(lane.blocks, Math.max(own, Math.floor(maxTokens / lane.blockSize)));
}

/** Admits waiting requests and puts their whole prompts into the batch, which holds `size` requests, up to `cap`. Returns how many came in. */
export function admitReserved(lane: LaneControl, size: number, cap: number, maxTokens: number): number {
  let admitted = 0;
  while (lane.waitingCount > 0 && size + admitted < cap) {
    const slot = lane.nextWaiting();
    const blocks = reservation(lane, slot, maxTokens);
    if (blocks > lane.freeBlocks) break;
    const tokens = lane.requests.target[slot]! - lane.requests.computed[slot]!;
    lane.admit(slot, blocks);
    if (tokens > 0) lane.chunk(slot, tokens);
    admitted++;
  }
  return admitted;
}
