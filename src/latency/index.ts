// The latency models that a scenario may name.
import { linear } from "./linear.ts";
import { roofline } from "./roofline.ts";
import type { LatencyDefinition } from "./types.ts";

export const latencyModels: readonly LatencyDefinition[] = [roofline, linear];

const byId = new Map(latencyModels.map((definition) => [definition.id, definition]));
if (byId.size !== latencyModels.length) throw new Error("Two latency models have the same id.");

export function latencyById(id: string): LatencyDefinition {
  const definition = byId.get(id);
  if (definition === undefined) throw new Error(`Unknown latency model "${id}". Known: ${[...byId.keys()].join(", ")}.`);
  return definition;
}
