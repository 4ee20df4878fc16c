// The orders of waiting queues there are. To add one: a file, a line here, a test.
import { registry } from "../../engine/registry.ts";
import type { OrderingDefinition } from "../../engine/contracts.ts";
import { deficitRoundRobin } from "./deficit-round-robin.ts";
import { fcfs } from "./fcfs.ts";
import { leastCounterFirst } from "./least-counter-first.ts";
import { vtc, vtcArtifact } from "./vtc.ts";

export const ordering: readonly OrderingDefinition[] = registry("queue order", [
  fcfs,
  vtc,
  vtcArtifact,
  leastCounterFirst,
  deficitRoundRobin,
]);
