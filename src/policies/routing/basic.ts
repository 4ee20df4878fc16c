// Routers that are always there: the page and the simulation worker load the others when a scenario names one.
import type { RoutingDefinition } from "../../engine/contracts.ts";
import { leastOutstanding } from "./least-outstanding.ts";
import { powerOfTwo } from "./power-of-two.ts";
import { random } from "./random.ts";
import { roundRobin } from "./round-robin.ts";

export const basicRouting: readonly RoutingDefinition[] = [leastOutstanding, roundRobin, powerOfTwo, random];
