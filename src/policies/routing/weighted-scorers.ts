// The endpoint picker of the Kubernetes Gateway API inference extension, and of llm-d: scores for known prefix, short queue and free KV cache, weighted
// and added; the highest wins (kubernetes-sigs/gateway-api-inference-extension, pkg/epp/scheduling).
import { choice, integer, number } from "../../engine/params.ts";
import { definePolicy } from "../../engine/contracts.ts";
import type { FleetView } from "../../engine/contracts.ts";
import { BlockIndex } from "./prefix/block-index.ts";
import { PromptNames } from "./prefix/prompt-names.ts";
import { kvScore, prefixScore, queueScore, weightedScores } from "./prefix/scorers.ts";
import type { Endpoint } from "./prefix/scorers.ts";

const weight = (initial: number, what: string, label: string) =>
  number(initial, `Weight of ${what}.`, { label, min: 0, max: 1000, step: 0.5 });

export const weightedScorers = definePolicy({
  kind: "routing",
  id: "weighted-scorers",
  label: "Weighted scorers (Gateway API, llm-d)",
  help: "Adds weighted scores of the share of the prompt that a replica should have cached, of its waiting requests and of its free KV cache; equals are drawn among (Gateway API inference extension). Needs traffic with content for the first.",
  params: {
    prefix: weight(3, "the prefix score. Earlier default: 1; llm-d's benchmark: 2", "Prefix"),
    queue: weight(2, "the queue score. Earlier default: 1", "Queue"),
    kv: weight(2, "the KV cache score. Earlier default: 1", "KV cache"),
    index: choice(
      "sent",
      { sent: "Prompts sent", events: "KV events" },
      "What the prefix score goes by: prompts that were sent there, or the blocks that the replicas say they hold (the precise scorer).",
      "Prefix index",
    ),
    blockTokens: integer(
      16,
      "Tokens of a block of the prompts sent (the extension has 64 characters). KV events are of the replicas' own blocks.",
      {
        label: "Block",
        min: 1,
        max: 4096,
        unit: "tok",
      },
    ),
    mostBlocks: integer(256, "Blocks of a prompt that are looked at.", { label: "Blocks of a prompt", min: 1, max: 100000, scale: "log" }),
    capacity: integer(31_250, "Blocks remembered of each replica, of prompts sent.", {
      label: "Blocks kept",
      min: 1,
      max: 1e7,
      scale: "log",
    }),
    modelHash: choice(
      "counted",
      { counted: "counts", left: "does not count" },
      "The hash of the model is the first of every prompt: counted, whoever has served anything has a small share of every prompt.",
      "Model's hash",
    ),
    delay: number(0, "From a KV event until the router knows.", { label: "Event delay", min: 0, max: 3600, unit: "s" }),
  },
  create: ({ prefix, queue, kv, index: kind, blockTokens, mostBlocks, capacity, modelHash, delay }, { random }) => {
    const byEvents = kind === "events";
    const index = new BlockIndex({ capacity: byEvents ? Infinity : capacity, timeToLive: Infinity, delay });
    const names = new PromptNames();
    const draw = random("ties");
    const extra = modelHash === "counted" ? 1 : 0;
    const read = (slot: number, replica: number, fleet: FleetView): void =>
      names.read(slot, fleet, byEvents ? fleet.blockSizeOf(replica) : blockTokens, mostBlocks);
    const endpoint = (slot: number, replica: number, fleet: FleetView): Endpoint => {
      read(slot, replica, fleet);
      const total = names.known;
      const matched = index.overlap(replica, names.hi, names.lo, total);
      const served = index.sizeOf(replica) > 0 ? extra : 0;
      return {
        matched: total === 0 ? 0 : matched + served,
        total: total === 0 ? 0 : total + extra,
        waiting: fleet.load.waiting[replica]!,
        kvUsage: fleet.kvUsedBlocks(replica) / Math.max(1, fleet.kvBlocks(replica)),
      };
    };
    const expected = (slot: number, replica: number, fleet: FleetView): number => {
      read(slot, replica, fleet);
      const size = byEvents ? fleet.blockSizeOf(replica) : blockTokens;
      return Math.min(index.overlap(replica, names.hi, names.lo, names.known) * size, fleet.requests.promptTokens[slot]! - 1);
    };
    return {
      state: index,
      readsContent: true,
      route: (slot, fleet) => {
        index.settle(fleet.now);
        const candidates = Array.from(fleet.candidates.subarray(0, fleet.candidateCount));
        const scores = weightedScores(
          candidates.map((replica) => endpoint(slot, replica, fleet)),
          { prefix, queue, kv },
        );
        const best = Math.max(...scores);
        const winners = candidates.filter((_, i) => scores[i] === best);
        const replica = winners.length === 1 ? winners[0]! : winners[draw.below(winners.length)]!;
        fleet.predict(expected(slot, replica, fleet));
        return replica;
      },
      placed: (slot, replica, fleet) => {
        if (byEvents) return;
        read(slot, replica, fleet);
        index.sent(replica, names.hi, names.lo, names.known, fleet.now);
      },
      replicaAdded: (replica) => index.add(replica),
      replicaRemoved: (replica) => index.remove(replica),
      ...(byEvents
        ? { kvEvent: (replica: number, stored: boolean, hi: number, lo: number, now: number) => index.event(replica, stored, hi, lo, now) }
        : {}),
      judges: ["prefix", "queue", "KV cache", "total", "expected"],
      judge: (slot, replica, fleet, into) => {
        const { matched, total, waiting, kvUsage } = endpoint(slot, replica, fleet);
        let least = Infinity;
        let most = -Infinity;
        for (let i = 0; i < fleet.candidateCount; i++) {
          const other = fleet.load.waiting[fleet.candidates[i]!]!;
          least = Math.min(least, other);
          most = Math.max(most, other);
        }
        into[0] = prefixScore(matched, total);
        into[1] = queueScore(waiting, least, most);
        into[2] = kvScore(kvUsage);
        into[3] = prefix * into[0] + queue * into[1] + kv * into[2];
        into[4] = expected(slot, replica, fleet);
      },
      memory: () => index.figures(),
    };
  },
});
