// Each request to a replica drawn uniformly.
import { definePolicy } from "../../engine/contracts.ts";

export const random = definePolicy({
  kind: "routing",
  id: "random",
  label: "Random",
  help: "Sends each request to a replica drawn uniformly. The baseline that every other router should beat.",
  params: {},
  create: (_values, { random: stream }) => {
    const draw = stream("route");
    return { route: (_slot, fleet) => fleet.candidates[draw.below(fleet.candidateCount)]! };
  },
});
