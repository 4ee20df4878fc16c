// Ray Serve's default: the shorter of two queues drawn at random, as far as the router knows them (ray-project/ray, serve/_private/request_router/
// pow_2_router.py).
import { definePolicy } from "../../engine/contracts.ts";
import { rayOptions, rayParams } from "./prefix/ray-params.ts";
import { RayRouter, rayMethods } from "./prefix/ray-router.ts";

export const rayPowerOfTwo = definePolicy({
  kind: "routing",
  id: "ray-power-of-two",
  label: "Power of two (Ray Serve)",
  help: "The shorter of two queues drawn at random. Lengths come from a cache that ages; what is not known is asked for, and whoever finds both full tries again after a pause (Ray Serve).",
  params: rayParams,
  create: (values, { random }) => {
    const ray = new RayRouter(
      rayOptions(values),
      { readsQueues: false, groupOf: (_slot, _fleet, _candidates, pair) => pair },
      random("pair"),
    );
    return {
      state: ray.state,
      ...rayMethods(ray),
      judges: ["queue"],
      judge: (_slot, replica, fleet, into) => {
        into[0] = fleet.load.outstanding[replica]!;
      },
      memory: () => ray.figures(),
    };
  },
});
