// Prefill first, whole prompts: waiting prompts go ahead of the decodes, which stall meanwhile (vLLM before version 1; Kwon et al., SOSP 2023).
// Rules as in Vidur's replica scheduler.
import { integer, number } from "../../engine/params.ts";
import { definePolicy } from "../../engine/contracts.ts";
import type { LaneControl } from "../../engine/contracts.ts";
import { fits, makeRoom } from "./paged.ts";

export const vllm = definePolicy({
  kind: "batching",
  id: "vllm",
  label: "Prefill first",
  help: "Waiting prompts are computed whole and before any decode; decodes stall meanwhile (vLLM before version 1).",
  sharesPrefixes: true,
  params: {
    maxTokens: integer(4096, "Most prompt tokens in a prefill batch, every prompt padded to the longest.", {
      label: "Prefill tokens",
      min: 16,
      max: 131072,
      unit: "tok",
      scale: "log",
    }),
    batchCap: integer(256, "Most requests on a replica at once.", { label: "Batch cap", min: 1, max: 4096, scale: "log" }),
    watermark: number(0.01, "Share of KV blocks kept free when a request is let in, for the decodes to grow.", {
      label: "Watermark",
      min: 0,
      max: 0.5,
      step: 0.01,
    }),
    pollInterval: integer(
      1,
      "Batches of decodes between two looks at the requests that came in; after a batch of prompts, and when idle, it looks at once. SGLang's --scheduler-recv-interval.",
      { label: "Look every", min: 1, max: 1000, scale: "log", unit: "iter" },
    ),
  },
  create: ({ maxTokens, batchCap, watermark, pollInterval }, { lanes, blocks }) => {
    const laneCap = Math.max(1, Math.floor(batchCap / lanes));
    const watermarkBlocks = Math.floor(watermark * blocks);
    const polls = pollInterval > 1;
    /** Waiting requests that were seen at the last look, and batches of decodes since. */
    const state = { seen: 0, decodes: 0 };
    return {
      ...(polls ? { state } : {}),
      steady: lanes === 1 && !polls,
      plan: (lane: LaneControl) => {
        const look = !polls || state.decodes >= pollInterval || lane.decodeCount + lane.prefillCount === 0;
        const unseen = look ? 0 : Math.max(0, lane.waitingCount - state.seen);
        if (look) state.decodes = 0;
        let size = 0;
        let longest = 0;
        while (lane.waitingCount > unseen && lane.holders < batchCap && size < laneCap) {
          const slot = lane.nextWaiting();
          if (!fits(lane, slot, watermarkBlocks)) break;
          const tokens = lane.requests.target[slot]! - lane.requests.computed[slot]!;
          longest = Math.max(longest, tokens);
          // A prompt longer than the limit goes alone: it could never go otherwise.
          if (longest * (size + 1) > maxTokens && size > 0) break;
          lane.admit(slot);
          if (tokens === 0) continue;
          lane.chunk(slot, tokens);
          size++;
        }
        state.seen = lane.waitingCount - unseen;
        if (size > 0) {
          state.decodes = pollInterval;
          return 1;
        }
        // While a lane computes prompts, its decodes go on in another.
        if (lanes > 1) lane.gather(laneCap);
        makeRoom(lane);
        lane.decode();
        if (polls) {
          state.decodes++;
          state.seen = lane.waitingCount - unseen;
          return 1;
        }
        return lane.waitingCount > 0 ? -Infinity : Infinity;
      },
    };
  },
});
