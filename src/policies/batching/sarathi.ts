// Chunked prefill: every iteration carries all decodes, and prompt chunks fill the rest of a token budget, so that no prompt stalls the decodes
// (Agrawal et al., "Taming Throughput-Latency Tradeoff in LLM Inference with Sarathi-Serve", OSDI 2024). Rules as in Vidur's replica scheduler.
import { flag, integer, number } from "../../engine/params.ts";
import { definePolicy } from "../../engine/contracts.ts";
import type { LaneControl } from "../../engine/contracts.ts";
import { fits, makeRoom } from "./paged.ts";

export const sarathi = definePolicy({
  kind: "batching",
  id: "sarathi",
  label: "Chunked prefill",
  help: "Every iteration carries all decodes; chunks of prompts fill the rest of a token budget (Sarathi-Serve, OSDI 2024; the default of vLLM 1).",
  sharesPrefixes: true,
  params: {
    chunk: integer(2048, "Token budget of an iteration: decodes count one each, prompt chunks take the rest.", {
      label: "Chunk",
      min: 16,
      max: 65536,
      unit: "tok",
      scale: "log",
    }),
    batchCap: integer(256, "Most requests on a replica at once, decoding or in prefill.", {
      label: "Batch cap",
      min: 1,
      max: 4096,
      scale: "log",
    }),
    watermark: number(0.01, "Share of KV blocks kept free when a request is let in, for the decodes to grow.", {
      label: "Watermark",
      min: 0,
      max: 0.5,
      step: 0.01,
    }),
    vidurRestart: flag(
      false,
      "A request preempted in the middle of its prompt produces the rest of the prompt as output, as in Vidur. For comparisons with it.",
      { label: "Vidur's restart", word: "as Vidur" },
    ),
    wholePrompts: flag(
      false,
      "A prompt that what is left of the budget does not hold waits for the next iteration, instead of being cut; one longer than the budget is cut all the same. TensorRT-LLM unless enable_chunked_prefill is set.",
      { label: "Prompts", word: "never cut" },
    ),
    planAhead: flag(
      false,
      "The batch is put together while the one before it runs, so that a request that comes in waits one iteration more. Asynchronous scheduling: vLLM's default since 0.14.",
      { label: "Plan ahead", word: "planned ahead" },
    ),
  },
  create: ({ chunk, batchCap, watermark, vidurRestart, wholePrompts, planAhead }, { lanes, blocks }) => {
    const laneCap = Math.max(1, Math.floor(batchCap / lanes));
    const watermarkBlocks = Math.floor(watermark * blocks);
    /** Requests left waiting by the last plan: the others have come since, too late for this one. */
    const state = { left: 0 };
    return {
      ...(planAhead ? { state } : {}),
      steady: !planAhead,
      plan: (lane: LaneControl) => {
        const late = planAhead && lane.decodeCount + lane.prefillCount > 0 ? Math.max(0, lane.waitingCount - state.left) : 0;
        makeRoom(lane, vidurRestart);
        while (lane.receives && lane.waitingCount > late && lane.holders < batchCap && lane.decodeCount + lane.prefillCount < laneCap) {
          // Prompts that came computed decode from this iteration on: they need room for the next token too.
          const slot = lane.nextWaiting();
          if (lane.requests.computed[slot]! < lane.requests.target[slot]!) break;
          if (!fits(lane, slot, Math.max(watermarkBlocks, lane.decodeGrowth + 1))) break;
          lane.admit(slot);
        }
        let used = lane.decodeCount;
        let size = used;
        if (used > 0) lane.decode();
        for (let i = 0; i < lane.prefillCount; i++) {
          const slot = lane.prefillAt(i);
          const tokens = Math.min(lane.requests.target[slot]! - lane.requests.computed[slot]!, chunk - used);
          if (tokens <= 0) break;
          lane.chunk(slot, tokens);
          used += tokens;
          size++;
        }
        while (lane.waitingCount > late && lane.holders < batchCap && size < laneCap) {
          const slot = lane.nextWaiting();
          if (!fits(lane, slot, watermarkBlocks)) break;
          const left = lane.requests.target[slot]! - lane.requests.computed[slot]!;
          const tokens = Math.min(left, chunk - used);
          if (tokens <= 0 || (wholePrompts && tokens < left && left <= chunk)) break;
          lane.admit(slot);
          lane.chunk(slot, tokens);
          used += tokens;
          size++;
        }
        state.left = lane.waitingCount;
        // Whoever came late may come in after one iteration.
        if (planAhead) return lane.waitingCount > 0 ? 1 : Infinity;
        // First come, first served: while the head cannot come in, nobody behind it can.
        return lane.waitingCount > 0 ? -Infinity : Infinity;
      },
    };
  },
});
