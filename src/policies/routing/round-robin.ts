// Replicas in turn. The counter runs over the replicas that may be chosen now, so that replicas which come and go are neither skipped nor hit.
import { definePolicy } from "../../engine/contracts.ts";

export const roundRobin = definePolicy({
  kind: "routing",
  id: "round-robin",
  label: "Round robin",
  help: "Sends requests to the replicas in turn, whatever their load.",
  params: {},
  create: () => {
    const state = { turn: 0 };
    return {
      state,
      route: (_slot, fleet) => fleet.candidates[state.turn++ % fleet.candidateCount]!,
      // As blind to load as the rest of it: the oldest replica drains.
      release: (pool) => pool.replicas[0]!,
    };
  },
});
