// What one shard of a sweep leaves: the sweep, which part of it this is, and its rows. `goodput merge` puts shards together.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { MeasuredAnswer } from "../analysis/types.ts";
import { parseSweepSpec, sweepSpecJson } from "../analysis/sweep-spec.ts";
import { readRow, rowText } from "../analysis/sweep-rows.ts";
import type { PlanRows } from "../analysis/sweep-rows.ts";
import type { SweepSpec } from "../analysis/types.ts";
import { ENGINE_VERSION } from "../scenario/version.ts";
import { InputError, systemReason } from "./input-error.ts";
import { oneLine } from "./scenario-argument.ts";
import type { NamedFile } from "./whole-files.ts";

const FORMAT = "goodput-sweep-shard";
const NAME = /^shard-\d+-of-\d+\.json$/;

export type Shard = readonly [part: number, parts: number];

/** "2/3". */
export function shardOf(given: string): Shard {
  const match = /^(\d+)\/(\d+)$/.exec(given);
  const [part, parts] = [Number(match?.[1]), Number(match?.[2])];
  if (match === null || part < 1 || part > parts || parts > 10_000)
    throw new InputError(`--shard ${given}: This is not a part of a sweep. Give part/parts, such as 2/3 for the second of three.`);
  return [part, parts];
}

export function shardFile(spec: SweepSpec, [part, parts]: Shard, rows: PlanRows): NamedFile {
  const ids = new Set(rows.shard(rows.plan.runs, [part, parts]).map((run) => rows.idOf(run)));
  const answers = new Map(rows.plan.runs.map((run) => [rows.idOf(run), rows.answerOf(run)]));
  const own = [...ids].sort().flatMap((id) => {
    const answer = answers.get(id);
    return answer == null ? [] : [rowText(id, answer)];
  });
  const head = JSON.stringify({
    format: FORMAT,
    version: 1,
    shard: [part, parts],
    engineVersion: ENGINE_VERSION,
    sweep: sweepSpecJson(spec),
  }).slice(0, -1);
  return { name: `shard-${part}-of-${parts}.json`, chunks: () => [`${head},"rows":[\n${own.join(",\n")}\n]}\n`] };
}

export interface ReadShard {
  readonly file: string;
  readonly spec: SweepSpec;
  readonly shard: Shard;
  readonly rows: readonly { readonly id: string; readonly answer: MeasuredAnswer }[];
}

function readShard(file: string): ReadShard {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    const reason = error instanceof SyntaxError ? "it is not JSON" : systemReason(error);
    throw new InputError(`${file}: It cannot be read: ${reason}. Run the shard again.`);
  }
  const { format, version, engineVersion, sweep, shard, rows } = (json ?? {}) as Record<string, unknown>;
  if (format !== FORMAT || version !== 1 || !Array.isArray(rows) || !Array.isArray(shard))
    throw new InputError(`${file}: This is not a shard of a sweep. Give folders that sweep --shard wrote.`);
  if (engineVersion !== ENGINE_VERSION)
    throw new InputError(
      `${file}: It was made by version ${String(engineVersion)} of Goodput, and this is ${ENGINE_VERSION}. Run the shard again with this one.`,
    );
  const spec = parseSweepSpec(sweep);
  if (!spec.ok) throw new InputError(oneLine(file, spec.errors));
  const read = rows.map((row, i) => {
    const one = readRow(row);
    if (one === null) throw new InputError(`${file}: Row ${i + 1} is not the row of a run. Run the shard again.`);
    return one;
  });
  return { file, spec: spec.spec, shard: [Number(shard[0]), Number(shard[1])], rows: read };
}

/** The shards in a folder. */
export function readShards(folder: string): ReadShard[] {
  if (!existsSync(folder) || !statSync(folder).isDirectory())
    throw new InputError(`${folder}: There is no such folder. Give folders that sweep --shard wrote.`);
  const names = readdirSync(folder).filter((name) => NAME.test(name));
  if (names.length === 0) throw new InputError(`${folder}: There is no shard of a sweep in it. Give folders that sweep --shard wrote.`);
  return names.sort().map((name) => readShard(join(folder, name)));
}
