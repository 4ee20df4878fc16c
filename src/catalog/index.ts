// The catalog: every GPU and model that a scenario may name.
import { gpus } from "./gpus.ts";
import { models } from "./models.ts";
import type { Gpu, Model } from "./types.ts";

export { gpus, models };

function byId<T extends { readonly id: string }>(kind: string, list: readonly T[]): (id: string) => T {
  const map = new Map(list.map((entry) => [entry.id, entry]));
  if (map.size !== list.length) throw new Error(`Two entries of the ${kind} catalog have the same id.`);
  return (id) => {
    const entry = map.get(id);
    if (entry === undefined) throw new Error(`Unknown ${kind} "${id}". Known: ${[...map.keys()].join(", ")}.`);
    return entry;
  };
}

export const gpuById: (id: string) => Gpu = byId("GPU", gpus);
export const modelById: (id: string) => Model = byId("model", models);
