// The latency models that a scenario may name.
import { byId, registry } from "../engine/registry.ts";
import { fitted } from "./fitted.ts";
import { linear } from "./linear.ts";
import { linearPhases } from "./linear-phases.ts";
import { operatorTable } from "./operator-table.ts";
import { roofline } from "./roofline.ts";
import { tokenTable } from "./token-table.ts";
import type { LatencyDefinition } from "./types.ts";

export const latencyModels: readonly LatencyDefinition[] = registry("latency model", [
  roofline,
  linear,
  linearPhases,
  tokenTable,
  operatorTable,
  fitted,
]);

export const latencyById = (id: string): LatencyDefinition => byId("latency model", latencyModels, id);
