// The routers there are. To add one: a file, a line here, a test.
import { registry } from "../../engine/registry.ts";
import type { RoutingDefinition } from "../../engine/contracts.ts";
import { leastOutstanding } from "./least-outstanding.ts";
import { powerOfTwo } from "./power-of-two.ts";
import { random } from "./random.ts";
import { roundRobin } from "./round-robin.ts";

export const routing: readonly RoutingDefinition[] = registry("routing policy", [leastOutstanding, roundRobin, powerOfTwo, random]);
