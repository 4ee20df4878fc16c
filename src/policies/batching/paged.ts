// What the schedulers with a paged KV cache have in common: room for the next tokens, and who may come in.
import type { LaneControl } from "../../engine/contracts.ts";

/**
 * Makes room for one token of every decoding request, walking them in arrival order: before each, at least one block must be free, whether the
 * request needs one or not; while none is, the member that arrived last among those not yet passed is preempted (recomputation), in the end the request itself.
 * Costs nothing while blocks are plenty.
 */
export function makeRoom(lane: LaneControl, vidurRestart = false): void {
  if (lane.decodeCount === 0 || lane.decodeGrowth + 1 <= lane.freeBlocks) return;
  const members = lane.membersByArrival().slice();
  // Blocks that decode() will take for the members passed so far.
  let promised = 0;
  for (let i = 0; i < members.length; i++) {
    const slot = members[i]!;
    if (!lane.isDecoding(slot)) continue;
    while (lane.freeBlocks - promised < 1) {
      const victim = members.pop()!;
      lane.preempt(victim, vidurRestart);
      if (victim === slot) return;
    }
    if (lane.startsBlock(slot)) promised++;
  }
}

/** Whether the waiting request's prompt fits above the watermark. On an empty replica the watermark does not count: nobody else could use the rest. */
export function fits(lane: LaneControl, slot: number, watermarkBlocks: number): boolean {
  const left = lane.freeBlocks - lane.blocksNeeded(slot);
  return left >= watermarkBlocks || (left >= 0 && lane.holders === 0);
}
