// Ray Serve's prefix-aware router: to whoever was sent the same beginning, as long as queues are even (ray-project/ray, llm/_internal/serve/
// request_router/prefix_aware).
import { flag, number } from "../../engine/params.ts";
import { definePolicy } from "../../engine/contracts.ts";
import { rayChoice } from "./prefix/prefix-choice.ts";
import { PromptMemory } from "./prefix/prompt-memory.ts";
import { branchFigures, judgeByTree, noBranches, treeParams } from "./prefix/tree-params.ts";
import { rayOptions, rayParams } from "./prefix/ray-params.ts";
import { RayRouter, rayMethods } from "./prefix/ray-router.ts";

export const rayPrefixAware = definePolicy({
  kind: "routing",
  id: "ray-prefix-aware",
  label: "Prefix-aware (Ray Serve)",
  help: "Remembers in a tree which prompts each replica was sent, and sends a prompt to one that had its beginning; a prompt that nobody had goes to the smallest tree, and uneven queues to power of two (Ray Serve). Needs traffic with content.",
  params: {
    imbalance: number(10, "Longest minus shortest queue above which prefixes do not count. Later versions of Ray have no such limit.", {
      label: "Uneven above",
      min: -1,
      max: 1e6,
      unit: "req",
    }),
    matchRate: number(0.1, "Share of a prompt that must be known for the prefix to count.", {
      label: "Match from",
      min: 0,
      max: 1,
      step: 0.01,
    }),
    evict: flag(
      true,
      "Forgets the oldest prompts of a replica whose tree is too large. Off in Ray by default: its tree then grows for ever.",
      {
        label: "Eviction",
        word: "evict",
      },
    ),
    most: number(400_000, "Characters in one replica's tree above which it is swept.", {
      label: "Sweep above",
      min: 0,
      max: 1e12,
      unit: "chars",
      scale: "log",
    }),
    target: number(360_000, "Characters down to which a sweep goes.", {
      label: "Sweep to",
      min: 0,
      max: 1e12,
      unit: "chars",
      scale: "log",
    }),
    every: number(10, "From one sweep to the next.", { label: "Sweep every", min: 0.1, max: 86400, unit: "s" }),
    ...treeParams,
    ...rayParams,
  },
  create: (values, { random }) => {
    const { imbalance, matchRate, evict, most, target, every, charsPerToken, delay } = values;
    const memory = new PromptMemory({ most: evict ? most : Infinity, target, every, charsPerToken, delay });
    const branches = noBranches();
    /** The tree was asked in the round that gave the last replica. */
    let asked = false;
    const ray = new RayRouter(
      rayOptions(values),
      {
        readsQueues: true,
        groupOf: (slot, { content }, candidates, pair, queues, all) => {
          const length = content.countOf(slot);
          asked = false;
          if (length === 0) return pair;
          const text = { symbols: content.idsOf(slot), length };
          const { branch, group } = rayChoice(memory.tree, text, candidates, all, queues, {
            imbalance,
            matchRate,
          });
          branches[branch]++;
          asked = branch !== "load";
          return branch === "load" ? pair : group;
        },
      },
      random("pair"),
    );
    const methods = rayMethods(ray);
    return {
      state: { ray: ray.state, memory: memory.state, branches },
      readsContent: true,
      ...methods,
      route: (slot, fleet) => {
        memory.settle(fleet.now, fleet.content.blockTokens);
        asked = false;
        const replica = ray.route(slot, fleet);
        if (replica >= 0) fleet.predict(memory.expected(slot, replica, fleet, asked));
        return replica;
      },
      placed: (slot, replica, fleet) => memory.sent(slot, replica, fleet),
      replicaAdded: (replica) => {
        ray.replicaAdded(replica);
        memory.add(replica);
      },
      replicaRemoved: (replica) => {
        ray.replicaRemoved(replica);
        memory.remove(replica);
      },
      judges: ["queue", "expected", "tree"],
      judge: (slot, replica, fleet, into) => judgeByTree(memory, slot, replica, fleet, into),
      memory: () => ({
        ...branchFigures(branches),
        ...ray.figures(),
        ...memory.figures(),
      }),
    };
  },
});
