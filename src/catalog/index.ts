// The catalog: every GPU and model that a scenario may name.
import { byId, registry } from "../engine/registry.ts";
import { gpus as gpuRows } from "./gpus.ts";
import { models as modelRows } from "./models.ts";
import type { Gpu, Model } from "./types.ts";

export const gpus: readonly Gpu[] = registry("GPU", gpuRows);
export const models: readonly Model[] = registry("model", modelRows);

export const gpuById = (id: string): Gpu => byId("GPU", gpus, id);
export const modelById = (id: string): Model => byId("model", models, id);
