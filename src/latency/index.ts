// The latency models that a scenario may name.
import { byId, registry } from "../engine/registry.ts";
import { linear } from "./linear.ts";
import { operatorTable } from "./operator-table.ts";
import { roofline } from "./roofline.ts";
import { tokenTable } from "./token-table.ts";
import type { LatencyDefinition } from "./types.ts";

export const latencyModels: readonly LatencyDefinition[] = registry("latency model", [roofline, linear, tokenTable, operatorTable]);

export const latencyById = (id: string): LatencyDefinition => byId("latency model", latencyModels, id);
