// Parameters that Ray Serve's routers have in common.
import { integer, number } from "../../../engine/params.ts";
import type { Values } from "../../../engine/params.ts";
import type { RayOptions } from "./ray-router.ts";

export const rayParams = {
  maxOngoing: integer(256, "Requests on a replica at which it takes no more (max_ongoing_requests). Ray's prefix benchmark has 20.", {
    label: "Most on a replica",
    min: 1,
    max: 100000,
    unit: "req",
    scale: "log",
  }),
  cacheSeconds: number(10, "A queue length older than this is asked for again.", { label: "Trusted for", min: 0, max: 3600, unit: "s" }),
  probeSeconds: number(0.002, "From asking a replica for its queue to the answer. The first round waits 0.1 s for it, later ones longer.", {
    label: "Probe",
    min: 0,
    max: 1,
    step: 0.001,
    unit: "s",
  }),
  routers: integer(1, "Routers that take requests in turn; each knows only the queues of its own requests and what it asked for.", {
    label: "Routers",
    min: 1,
    max: 64,
  }),
  perNode: integer(0, "Replicas of a node: a router tries those of its own node first. 0 = no such preference.", {
    label: "Node",
    min: 0,
    max: 1024,
  }),
  perZone: integer(0, "Replicas of a zone, tried next. 0 = no such preference.", { label: "Zone", min: 0, max: 4096 }),
} as const;

/** The values, as the router wants them. */
export const rayOptions = (values: Values<typeof rayParams>): RayOptions => values;
