// goodput sweep
import { availableParallelism } from "node:os";
import { experimentFiles, experimentJson } from "../analysis/experiment-files.ts";
import { planExperiment } from "../analysis/plan.ts";
import { PlanRows } from "../analysis/sweep-rows.ts";
import { InputError } from "./input-error.ts";
import { interruptible } from "./interrupt.ts";
import { print } from "./print.ts";
import { progressLine } from "./progress.ts";
import { jobsOf } from "./run-pool.ts";
import { shardFile, shardOf } from "./shard-file.ts";
import { sweepInput } from "./sweep-input.ts";
import type { SpecFlags } from "./sweep-input.ts";
import { resultsOf } from "./sweep-results.ts";
import { runSweep } from "./sweep-run.ts";
import { openStore } from "./sweep-store.ts";
import { sweepTable } from "./sweep-table.ts";
import { openOutFolder } from "./whole-files.ts";

export interface SweepFlags extends SpecFlags {
  readonly jobs?: string;
  readonly queue?: string;
  readonly shard?: string;
  readonly resume?: boolean;
  readonly keepGoing?: boolean;
  readonly out?: string;
  readonly json?: boolean;
}

/** Failures that are named on stderr. */
const SHOWN_FAILURES = 5;

export async function sweep(given: string, flags: SweepFlags): Promise<void> {
  const { out } = flags;
  const shard = flags.shard === undefined ? null : shardOf(flags.shard);
  if (out === undefined && (shard !== null || flags.resume === true))
    throw new InputError(`${shard === null ? "--resume" : "--shard"}: Rows are kept in a folder. Add --out FOLDER.`);
  if (flags.queue !== undefined && flags.jobs !== undefined)
    throw new InputError("--jobs: Runs on a queue are done by its workers. Leave --jobs or --queue away.");
  const jobs = flags.jobs === undefined ? null : jobsOf(flags.jobs);
  const { spec, files, published, where } = await sweepInput(given, flags);
  if (shard !== null && spec.earlyStop !== null)
    throw new InputError("--shard: A sweep that stops settings early looks at all of them. Leave --shard or earlyStop away.");
  const outcome = planExperiment(spec.experiment);
  if (!outcome.ok) throw new InputError(`${where}${outcome.error}`);
  const rows = new PlanRows(outcome.plan);
  const store = out === undefined ? null : openStore(out, flags.resume === true, rows);
  const interrupt = interruptible();
  try {
    await runSweep({
      spec,
      files,
      rows,
      shard,
      jobs,
      queue: flags.queue ?? null,
      cores: availableParallelism(),
      keepGoing: flags.keepGoing === true,
      keep: (id, answer) => store?.keep(id, answer),
      progress: progressLine(),
      signal: interrupt.signal,
    });
  } catch (error) {
    if (interrupt.signal.aborted) {
      const done = `${rows.ended.length} of ${outcome.plan.runs.length} runs are done`;
      const kept = store === null ? "None is kept: give --out FOLDER for that." : `They are kept in ${out}: go on with --resume.`;
      process.stderr.write(`Stopped: ${done}. ${kept}\n`);
    } else if (error instanceof InputError && store !== null && flags.resume !== true) store.clear();
    throw error;
  } finally {
    interrupt.end();
  }
  const { failed } = rows;
  for (const { error } of failed.slice(0, SHOWN_FAILURES)) process.stderr.write(`${error}\n`);
  if (failed.length > SHOWN_FAILURES) process.stderr.write(`And ${failed.length - SHOWN_FAILURES} runs more that could not be done.\n`);
  const results = resultsOf(spec, rows, published);
  if (out !== undefined) {
    openOutFolder(out).write(shard === null ? experimentFiles(results) : [shardFile(spec, shard, rows)]);
    store!.clear();
  }
  if (shard === null) print(flags.json === true ? experimentJson(results) : sweepTable(results));
  else print(`Shard ${shard[0]} of ${shard[1]}: ${rows.ended.length} of ${outcome.plan.runs.length} runs.`);
}
