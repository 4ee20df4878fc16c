// What another choice of the router would have given: a run in which one request goes to a replica of the caller's choice, and all else is decided as before.
import type { SimulationConfig } from "../engine/config.ts";
import type { RoutingDefinition } from "../engine/contracts.ts";

export interface Reroute {
  /** Position of the request in the order of arrival. */
  readonly id: number;
  /** Index of the replica; a request is left alone when it is no candidate. */
  readonly replica: number;
}

export function rerouted(config: SimulationConfig, { id, replica }: Reroute): SimulationConfig {
  const { definition, values } = config.routing;
  const other: RoutingDefinition = {
    ...definition,
    create: (given, context) => {
      const router = definition.create(given, context);
      return {
        ...router,
        route: (slot, fleet) => {
          const answer = router.route(slot, fleet);
          const changes =
            answer >= 0 && fleet.requests.id[slot] === id && fleet.candidates.subarray(0, fleet.candidateCount).includes(replica);
          return changes ? replica : answer;
        },
      };
    },
  };
  return { ...config, routing: { definition: other, values } };
}
