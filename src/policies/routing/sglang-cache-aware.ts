// SGLang's router: to the worker that was sent the most of a prompt, unless loads are uneven both by number and by factor (sgl-project/sglang,
// sgl-router, policies/cache_aware.rs).
import { number } from "../../engine/params.ts";
import { definePolicy } from "../../engine/contracts.ts";
import { sglangChoice } from "./prefix/prefix-choice.ts";
import { PromptMemory } from "./prefix/prompt-memory.ts";
import { branchFigures, judgeByTree, noBranches, treeParams } from "./prefix/tree-params.ts";

export const sglangCacheAware = definePolicy({
  kind: "routing",
  id: "sglang-cache-aware",
  label: "Cache-aware (SGLang)",
  help: "Sends a prompt to a replica that had more than a share of it, else to the one whose tree is smallest; to the least loaded when loads differ by a number and by a factor (SGLang's router; defaults of its library). Needs traffic with content.",
  params: {
    share: number(0.5, "Share of the prompt above which it goes where it was. 0.3 in later versions.", {
      label: "Cache threshold",
      min: 0,
      max: 1,
      step: 0.01,
    }),
    absolute: number(
      32,
      "Loads are uneven if the largest is this much above the smallest, and the factor holds too. 64 in later versions.",
      {
        label: "Uneven by",
        min: 0,
        max: 1e6,
        unit: "req",
      },
    ),
    relative: number(1.1, "The largest load is more than this many times the smallest. 1.5 in later versions.", {
      label: "Uneven factor",
      min: 1,
      max: 1000,
      step: 0.1,
    }),
    most: number(400_000, "Characters of one replica down to which its tree is swept.", {
      label: "Largest tree",
      min: 0,
      max: 1e12,
      unit: "chars",
      scale: "log",
    }),
    every: number(30, "From one sweep to the next.", { label: "Sweep every", min: 0.1, max: 86400, unit: "s" }),
    ...treeParams,
  },
  create: ({ share, absolute, relative, most, every, charsPerToken, delay }) => {
    const memory = new PromptMemory({ most, target: most, every, charsPerToken, delay });
    const branches = noBranches();
    const leastLoaded = (candidates: readonly number[], load: ArrayLike<number>): number => {
      let [best = 0] = candidates;
      for (const replica of candidates) if (load[replica]! < load[best]!) best = replica;
      return best;
    };
    return {
      state: { memory: memory.state, branches },
      readsContent: true,
      route: (slot, fleet) => {
        const { content, load, now } = fleet;
        memory.settle(now, content.blockTokens);
        const candidates = Array.from(fleet.candidates.subarray(0, fleet.candidateCount));
        const length = content.countOf(slot);
        if (length === 0) return leastLoaded(candidates, load.outstanding);
        const loads = candidates.map((replica) => load.outstanding[replica]!);
        const text = { symbols: content.idsOf(slot), length };
        const { branch, group } = sglangChoice(memory.tree, text, candidates, loads, { absolute, relative, share });
        branches[branch]++;
        // Decode replicas, which take no prompts, are not in the tree.
        const replica = group[0] ?? leastLoaded(candidates, load.outstanding);
        fleet.predict(memory.expected(slot, replica, fleet));
        return replica;
      },
      placed: (slot, replica, fleet) => memory.sent(slot, replica, fleet),
      replicaAdded: (replica) => memory.add(replica),
      replicaRemoved: (replica) => memory.remove(replica),
      judges: ["load", "expected", "tree"],
      judge: (slot, replica, fleet, into) => judgeByTree(memory, slot, replica, fleet, into),
      memory: () => ({
        ...branchFigures(branches),
        ...memory.figures(),
      }),
    };
  },
});
