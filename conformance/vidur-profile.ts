// Vidur's operator tables and raw profiles as the latency model operator-table reads them.
import { createReadStream, existsSync, readdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { gpuById } from "../src/catalog/index.ts";
import { OperatorTableModel } from "../src/latency/operator-table-model.ts";
import { readProfile } from "../src/latency/profile/read.ts";
import { tablesFor } from "../src/latency/profile/select.ts";
import type { OperatorProfile } from "../src/latency/profile/types.ts";
import type { Shard } from "../src/latency/types.ts";

/** The times are those of the profile, whatever the GPU. */
type GpulessShard = Omit<Shard, "gpu">;

/** Files whose name fits, in the folder and below it; none where there is no such folder. */
export const filesUnder = (folder: string, wanted: RegExp): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: "utf8" })
        .filter((file) => wanted.test(basename(file)))
        .map((file) => join(folder, file))
        .sort()
    : [];

export async function profileOf(files: readonly string[]): Promise<OperatorProfile> {
  const inputs = files.map((file) => ({ file: basename(file), stream: createReadStream(file), bytes: statSync(file).size }));
  const outcome = await readProfile(inputs);
  if (!outcome.ok) throw new Error(outcome.text);
  if ("fitted" in outcome.profile) throw new Error(`${files.join(", ")}: A fitted model has no operator times.`);
  return outcome.profile;
}

/** The model of a shard; a sentence when the profile does not hold what it needs. */
export function modelOf(profile: OperatorProfile, name: string, sharding: GpulessShard): OperatorTableModel | string {
  const shard = { ...sharding, gpu: gpuById("a100-80-sxm") };
  const tables = tablesFor(profile, name, shard, 16);
  return typeof tables === "string" ? tables : new OperatorTableModel(tables, shard, { perIteration: 0, perRequest: 0 });
}

/** The model from the tables in one folder. */
export async function modelFrom(folder: string, sharding: GpulessShard): Promise<OperatorTableModel> {
  const files = filesUnder(folder, /\.csv(\.gz)?$/);
  if (files.length === 0) throw new Error(`${folder} holds no tables of operator times.`);
  const model = modelOf(await profileOf(files), basename(folder), sharding);
  if (typeof model === "string") throw new Error(model);
  return model;
}

/**
 * Of a reference folder: the tables for a combination of model, device and tensor parallelism at so many stages. Operators do not depend
 * on the number of stages, and tables of any number of stages have the hop between them.
 */
export function tablesOf(folder: string, name: string, stages: number): string {
  const all = join(folder, "exec_tables");
  const piped = readdirSync(all).filter((entry) => entry.startsWith(`${name}_pp`));
  const own = `${name}_pp${stages}`;
  return join(all, stages === 1 ? name : piped.includes(own) ? own : (piped[0] ?? name));
}
