// NVIDIA Dynamo's KV router: to the worker for which a request is the least work, in blocks to compute and blocks to keep (ai-dynamo/dynamo,
// lib/llm/src/kv_router).
import { choice, number } from "../../engine/params.ts";
import { definePolicy } from "../../engine/contracts.ts";
import type { FleetView } from "../../engine/contracts.ts";
import { BlockIndex } from "./prefix/block-index.ts";
import { costChances, kvCost } from "./prefix/kv-cost.ts";
import { PromptNames } from "./prefix/prompt-names.ts";

export const dynamoKv = definePolicy({
  kind: "routing",
  id: "dynamo-kv",
  label: "KV cost (Dynamo)",
  help: "Sends a request where it costs the least: blocks of prompts still to compute there, its own without what is cached included, and blocks in use with its own. Goes by the KV events of the replicas or by what it sent (NVIDIA Dynamo). Needs traffic with content.",
  params: {
    weight: number(1, "Weight of the blocks to compute against the blocks to keep. 0 = load alone.", {
      label: "Overlap weight",
      min: 0,
      max: 1000,
      step: 0.1,
    }),
    temperature: number(0, "Above 0 the worker is drawn, the cheaper the likelier; 0 = always the cheapest.", {
      label: "Temperature",
      min: 0,
      max: 100,
      step: 0.1,
    }),
    index: choice(
      "events",
      { events: "KV events", sent: "Prompts sent" },
      "How it knows what is cached: by events of the replicas, or by the prompts that it sent, believed for a time.",
      "Prefix index",
    ),
    timeToLive: number(120, "For this long a prompt that was sent is believed to be cached.", {
      label: "Time to live",
      min: 0.1,
      max: 86400,
      unit: "s",
    }),
    delay: number(0, "From a KV event until the router knows.", { label: "Event delay", min: 0, max: 3600, unit: "s" }),
  },
  create: ({ weight, temperature, index: kind, timeToLive, delay }, { random }) => {
    const byEvents = kind === "events";
    const index = new BlockIndex({ capacity: Infinity, timeToLive: byEvents ? Infinity : timeToLive, delay });
    const names = new PromptNames();
    const draw = random("worker");
    /** Tokens of prompts that a worker was sent and that it has not begun to answer, by slot, and their sum by replica. */
    const state = { index, slots: [] as number[][], owed: [] as number[] };

    /** Prompts that have their first token are computed: they are looked for when a decision is made. */
    const prefillTokens = (replica: number, { requests }: FleetView): number => {
      const slots = state.slots[replica];
      if (slots === undefined) return 0;
      let tokens = 0;
      let kept = 0;
      for (const slot of slots) {
        if (requests.replica[slot] !== replica || requests.firstTokenAt[slot]! >= 0) continue;
        slots[kept++] = slot;
        tokens += state.owed[slot]!;
      }
      slots.length = kept;
      return tokens;
    };
    const overlapOf = (slot: number, replica: number, fleet: FleetView): number => {
      names.read(slot, fleet, fleet.blockSizeOf(replica));
      return index.overlap(replica, names.hi, names.lo, names.known);
    };
    /** Writes what `judges` names. */
    const judge = (slot: number, replica: number, fleet: FleetView, into: Float64Array): void => {
      const tokens = fleet.requests.promptTokens[slot]!;
      const blockSize = fleet.blockSizeOf(replica);
      const overlapBlocks = overlapOf(slot, replica, fleet);
      const prefill = prefillTokens(replica, fleet);
      const decodeBlocks = fleet.kvUsedBlocks(replica) + Math.ceil(tokens / blockSize) - overlapBlocks;
      into[0] = overlapBlocks;
      into[1] = (prefill + tokens - overlapBlocks * blockSize) / blockSize;
      into[2] = decodeBlocks;
      into[3] = kvCost({ prefillTokens: prefill, overlapBlocks, decodeBlocks }, tokens, blockSize, weight);
    };
    const into = new Float64Array(4);
    return {
      state,
      readsContent: true,
      route: (slot, fleet) => {
        index.settle(fleet.now);
        const candidates = Array.from(fleet.candidates.subarray(0, fleet.candidateCount));
        const costs = candidates.map((replica) => {
          judge(slot, replica, fleet, into);
          return into[3]!;
        });
        let place = 0;
        if (temperature > 0) {
          let left = draw.uniform();
          const chances = costChances(costs, temperature);
          while (place < costs.length - 1 && left >= chances[place]!) left -= chances[place++]!;
        } else {
          const least = Math.min(...costs);
          const cheapest = candidates.filter((_, i) => costs[i] === least);
          // Equals: whose index is smaller, then by lot.
          const smallest = Math.min(...cheapest.map((replica) => index.sizeOf(replica)));
          const winners = cheapest.filter((replica) => index.sizeOf(replica) === smallest);
          place = candidates.indexOf(winners.length === 1 ? winners[0]! : winners[draw.below(winners.length)]!);
        }
        const replica = candidates[place]!;
        const known = overlapOf(slot, replica, fleet) * fleet.blockSizeOf(replica);
        fleet.predict(Math.min(known, fleet.requests.promptTokens[slot]! - 1));
        return replica;
      },
      placed: (slot, replica, fleet) => {
        const known = overlapOf(slot, replica, fleet);
        while (state.slots.length <= replica) state.slots.push([]);
        state.owed[slot] = Math.max(1, fleet.requests.promptTokens[slot]! - known * fleet.blockSizeOf(replica));
        if (!state.slots[replica]!.includes(slot)) state.slots[replica]!.push(slot);
        if (!byEvents) index.sent(replica, names.hi, names.lo, names.known, fleet.now);
      },
      replicaAdded: (replica) => index.add(replica),
      replicaRemoved: (replica) => index.remove(replica),
      ...(byEvents
        ? { kvEvent: (replica: number, stored: boolean, hi: number, lo: number, now: number) => index.event(replica, stored, hi, lo, now) }
        : {}),
      judges: ["overlap", "prefill", "decode", "cost"],
      judge,
      memory: () => index.figures(),
    };
  },
});
