// The engine loop of S-LoRA, which is LightLLM's (Ying1123/VTC-artifact, commit 192c2e2): prefill batches apart from decodes, let in every so many
// decode steps, as long as the fullest moment to come leaves room for the adapters of all tenants in the batch.
import { integer } from "../../engine/params.ts";
import { definePolicy } from "../../engine/contracts.ts";
import type { LaneControl } from "../../engine/contracts.ts";
import { FuturePeak } from "./future-peak.ts";

export const slora = definePolicy({
  kind: "batching",
  id: "slora",
  label: "S-LoRA loop",
  help: "Some decode steps after it last let prompts in, and then before each step, it computes waiting prompts alone, as many as fit at the fullest moment to come beside the adapters of their tenants (S-LoRA, from LightLLM; an oracle: it knows output lengths).",
  params: {
    maxBatchTokens: integer(3072, "Most prompt tokens in a prefill batch. A longer prompt goes alone.", {
      label: "Prefill tokens",
      min: 16,
      max: 131072,
      unit: "tok",
      scale: "log",
    }),
    batchCap: integer(1000, "Most requests on a replica at once.", { label: "Batch cap", min: 1, max: 4096, scale: "log" }),
    stepsBetween: integer(10, "Decode steps after prompts were let in before the queue is looked at again.", {
      label: "Look after",
      min: 1,
      max: 10000,
      unit: "it",
      scale: "log",
    }),
    adapterTokens: integer(32, "KV cache that the adapter of each tenant in the batch takes: four times the rank of its LoRA.", {
      label: "Per tenant",
      min: 0,
      max: 100000,
      unit: "tok",
    }),
  },
  create: ({ maxBatchTokens, batchCap, stepsBetween, adapterTokens }, { lanes, blockSize, tenantCount }) => {
    const laneCap = Math.max(1, Math.floor(batchCap / lanes));
    const peak = new FuturePeak(blockSize);
    const present = new Uint8Array(tenantCount);
    /** Decode iterations of each lane when it last let prompts in. */
    const state = { admittedAt: new Float64Array(lanes).fill(-Infinity) };

    /** Tenants of the lane's requests, marked in `present`. */
    const countTenants = (lane: LaneControl): number => {
      present.fill(0);
      let tenants = 0;
      for (const slot of lane.membersByArrival()) {
        const tenant = lane.requests.tenant[slot]!;
        if (present[tenant] === 0) tenants++;
        present[tenant] = 1;
      }
      return tenants;
    };

    /** Blocks for the lane: those that its own requests hold, and the free ones. */
    const room = (lane: LaneControl): number => {
      let held = 0;
      for (const slot of lane.membersByArrival()) held += Math.ceil(lane.contextOf(slot) / blockSize);
      return lane.freeBlocks + held;
    };

    const admits = (lane: LaneControl): boolean => {
      const { requests } = lane;
      let tokens = 0;
      let size = 0;
      let blocks = -1;
      let tenants = 0;
      while (lane.waitingCount > 0 && lane.holders < batchCap && lane.decodeCount + lane.prefillCount < laneCap) {
        const slot = lane.nextWaiting();
        const prompt = requests.target[slot]! - requests.computed[slot]!;
        if (tokens + prompt > maxBatchTokens && size > 0) break;
        if (blocks < 0) {
          blocks = room(lane);
          tenants = countTenants(lane);
          peak.begin(lane);
        }
        const tenant = requests.tenant[slot]!;
        peak.add(requests.target[slot]! + 1, Math.max(0, lane.leftOf(slot) - 1));
        const adapters = (tenants + 1 - present[tenant]!) * adapterTokens;
        const fits = peak.blocks() < blocks - adapters / blockSize || lane.holders === 0;
        if (!fits || lane.blocksNeeded(slot) > lane.freeBlocks) break;
        lane.admit(slot);
        if (prompt > 0) lane.chunk(slot, prompt);
        if (present[tenant] === 0) tenants++;
        present[tenant] = 1;
        tokens += prompt;
        size++;
      }
      if (size > 0) state.admittedAt[lane.index] = lane.decodeIterations;
      return tokens > 0;
    };

    return {
      state,
      plan: (lane: LaneControl) => {
        const { index, decodeIterations } = lane;
        const due = (): number => state.admittedAt[index]! + stepsBetween - decodeIterations;
        if ((lane.decodeCount === 0 || due() <= 0) && lane.waitingCount > 0 && admits(lane)) return 1;
        while (lane.decodeGrowth > lane.freeBlocks) lane.preempt(lane.membersByArrival().at(-1)!);
        lane.decode();
        if (due() > 0) return due();
        return lane.waitingCount > 0 ? 1 : Infinity;
      },
    };
  },
});
