// Requests with the same key to the same replica, as long as it has no more than its share of the load.
import { choice, integer, number } from "../../engine/params.ts";
import { definePolicy } from "../../engine/contracts.ts";
import type { FleetView } from "../../engine/contracts.ts";
import { PromptNames } from "./prefix/prompt-names.ts";
import { Ring } from "./prefix/ring.ts";

export const consistentHash = definePolicy({
  kind: "routing",
  id: "consistent-hash",
  label: "Consistent hashing, bounded load",
  help: "Sends requests with the same key to the same replica; one that has more than a factor times the mean load is passed over for the next on the ring (Mirrokni et al., SODA 2018). Replicas that come and go move few keys.",
  params: {
    key: choice(
      "prefix",
      { prefix: "Beginning of the prompt", session: "Session", tenant: "Tenant" },
      "What is hashed. A request without the beginning or the session asked for goes by its tenant.",
    ),
    prefixTokens: integer(256, "Tokens of the beginning that are hashed.", {
      label: "Beginning",
      min: 1,
      max: 100000,
      unit: "tok",
      scale: "log",
    }),
    bound: number(1.25, "Most load of a replica, as a multiple of the mean.", { label: "Bound", min: 1, max: 1000, step: 0.05 }),
    points: integer(100, "How often each replica stands on the ring.", { label: "Points", min: 1, max: 10000, scale: "log" }),
  },
  create: ({ key, prefixTokens, bound, points }) => {
    const ring = new Ring(points);
    const names = new PromptNames();
    const positionOf = (slot: number, fleet: FleetView): number => {
      const { requests } = fleet;
      if (key === "session" && requests.session[slot]! >= 0) return ring.positionOf(requests.session[slot]!, -1);
      if (key === "prefix") {
        // As much of the beginning as there is, in blocks of 16.
        names.read(slot, fleet, 16, Math.ceil(prefixTokens / 16));
        if (names.known > 0) return ring.positionOf(names.hi[names.known - 1]!, names.lo[names.known - 1]!);
      }
      return ring.positionOf(requests.tenant[slot]!, -2);
    };
    return {
      state: ring,
      readsContent: key === "prefix",
      route: (slot, fleet) => {
        const { candidates, candidateCount, load } = fleet;
        let total = 1;
        for (let i = 0; i < candidateCount; i++) total += load.outstanding[candidates[i]!]!;
        const most = Math.ceil((bound * total) / candidateCount);
        const among = candidates.subarray(0, candidateCount);
        return ring.find(positionOf(slot, fleet), (replica) => load.outstanding[replica]! < most && among.includes(replica));
      },
      replicaAdded: (replica) => ring.add(replica),
      replicaRemoved: (replica) => ring.remove(replica),
    };
  },
});
