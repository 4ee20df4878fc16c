// Prefill batches apart from decodes, let in by what memory will be needed at the fullest moment to come (ModelTC's LightLLM; Gong et al., "Past-Future
// Scheduler for LLM Serving under SLA Guarantees", ASPLOS 2025). Rules as in Vidur's replica scheduler, which knows blocks of one token and no stages.
import { integer } from "../../engine/params.ts";
import { definePolicy } from "../../engine/contracts.ts";
import type { LaneControl } from "../../engine/contracts.ts";
import { FuturePeak } from "./future-peak.ts";

export const lightllm = definePolicy({
  kind: "batching",
  id: "lightllm",
  label: "Future peak (LightLLM)",
  help: "Every few decode iterations waiting prompts are computed, as many as fit at the fullest moment to come (LightLLM; an oracle: it knows output lengths). Should a decode find no block all the same, the request that arrived last is preempted and computed again.",
  params: {
    maxBatchTokens: integer(4096, "Most prompt tokens in a prefill batch. A longer prompt goes alone.", {
      label: "Prefill tokens",
      min: 16,
      max: 131072,
      unit: "tok",
      scale: "log",
    }),
    batchCap: integer(256, "Most requests on a replica at once.", { label: "Batch cap", min: 1, max: 4096, scale: "log" }),
    maxWaitingIterations: integer(10, "Decode iterations between two looks at the waiting prompts, while any request decodes.", {
      label: "Look every",
      min: 1,
      max: 10000,
      unit: "it",
      scale: "log",
    }),
  },
  create: ({ maxBatchTokens, batchCap, maxWaitingIterations }, { lanes, blockSize }) => {
    const laneCap = Math.max(1, Math.floor(batchCap / lanes));
    const peak = new FuturePeak(blockSize);
    /** Decode iterations of each lane at its last look. */
    const state = { lookedAt: new Int32Array(lanes) };

    /** Blocks for the lane: those that its own requests hold, and the free ones. */
    const room = (lane: LaneControl): number => {
      let held = 0;
      for (const slot of lane.membersByArrival()) held += Math.ceil(lane.contextOf(slot) / blockSize);
      return lane.freeBlocks + held;
    };

    const admits = (lane: LaneControl): number => {
      let size = 0;
      let tokens = 0;
      let blocks = -1;
      while (lane.waitingCount > 0 && lane.holders < batchCap && lane.decodeCount + lane.prefillCount < batchCap && size < laneCap) {
        const slot = lane.nextWaiting();
        const prompt = lane.requests.target[slot]! - lane.requests.computed[slot]!;
        if (tokens + prompt > maxBatchTokens && size > 0) break;
        if (blocks < 0) {
          blocks = room(lane);
          peak.begin(lane);
        }
        // The token that ends its prefill comes without an iteration of decode.
        peak.add(lane.requests.target[slot]! + 1, Math.max(0, lane.leftOf(slot) - (prompt > 0 ? 2 : 1)));
        const fits = peak.blocks() < blocks || lane.holders === 0;
        if (!fits || lane.blocksNeeded(slot) > lane.freeBlocks) break;
        lane.admit(slot);
        if (prompt > 0) lane.chunk(slot, prompt);
        tokens += prompt;
        size++;
      }
      return tokens > 0 ? size : 0;
    };

    return {
      state,
      plan: (lane: LaneControl) => {
        const { index, decodeIterations } = lane;
        const passed = decodeIterations - state.lookedAt[index]!;
        // Nobody is asked while the queue is empty: looks that were due meanwhile would have found nothing.
        const since = passed % maxWaitingIterations;
        const due = lane.decodeCount === 0 || (passed > 0 && since === 0);
        const admitted = due && admits(lane) > 0;
        state.lookedAt[index] = admitted ? decodeIterations : decodeIterations - since;
        if (admitted) return 1;
        while (lane.decodeGrowth > lane.freeBlocks) lane.preempt(lane.membersByArrival().at(-1)!);
        lane.decode();
        if (lane.waitingCount === 0) return Infinity;
        return since - maxWaitingIterations;
      },
    };
  },
});
