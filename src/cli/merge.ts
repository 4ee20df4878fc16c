// goodput merge: the shards of one sweep -> its files, the same bytes as those of the sweep in one piece.
import { experimentFiles, experimentJson } from "../analysis/experiment-files.ts";
import { planExperiment } from "../analysis/plan.ts";
import { suggestedSweep } from "../analysis/suggested.ts";
import { PlanRows } from "../analysis/sweep-rows.ts";
import { sweepSpecJson } from "../analysis/sweep-spec.ts";
import { canonicalJson } from "../scenario/hash.ts";
import { InputError } from "./input-error.ts";
import { print } from "./print.ts";
import { readShards } from "./shard-file.ts";
import { resultsOf } from "./sweep-results.ts";
import { sweepTable } from "./sweep-table.ts";
import { openOutFolder } from "./whole-files.ts";

export interface MergeFlags {
  readonly out?: string;
  readonly json?: boolean;
}

export async function merge(folders: readonly string[], flags: MergeFlags): Promise<void> {
  const shards = folders.flatMap(readShards);
  const [first] = shards as [(typeof shards)[number]];
  const text = canonicalJson(sweepSpecJson(first.spec));
  const other = shards.find(({ spec }) => canonicalJson(sweepSpecJson(spec)) !== text);
  if (other !== undefined)
    throw new InputError(`${other.file}: It is a shard of another sweep than ${first.file}. Give the shards of one sweep.`);
  const outcome = planExperiment(first.spec.experiment);
  if (!outcome.ok) throw new InputError(`${first.file}: ${outcome.error}`);
  const rows = new PlanRows(outcome.plan);
  for (const shard of shards) for (const { id, answer } of shard.rows) rows.add(id, answer);
  const { runs } = outcome.plan;
  const missing = runs.filter((run) => !rows.has(run)).length;
  if (missing > 0)
    throw new InputError(
      `${missing} of ${runs.length} runs are in none of the ${shards.length} shards (${shards.map(({ shard: [part, parts] }) => `${part}/${parts}`).join(", ")}). Give the folders of the others too.`,
    );
  const out = flags.out === undefined ? null : openOutFolder(flags.out);
  try {
    const results = resultsOf(first.spec, rows, suggestedSweep(first.spec.experiment.base));
    out?.write(experimentFiles(results));
    print(flags.json === true ? experimentJson(results) : sweepTable(results));
  } finally {
    out?.discard();
  }
}
