// goodput run
import { ScenarioError } from "../scenario/build.ts";
import { runFiles, summaryText } from "../scenario/files.ts";
import type { RunResults } from "../scenario/files.ts";
import { createDetailedRun } from "../scenario/detailed-run.ts";
import type { DetailedRun } from "../scenario/detailed-run.ts";
import type { OpenProfile } from "../latency/types.ts";
import { MAX_EVENTS } from "../scenario/perfetto.ts";
import { profilesOf } from "../scenario/profile-refs.ts";
import type { RunOptions } from "../scenario/run.ts";
import type { Scenario } from "../scenario/types.ts";
import type { BatchTraceOptions } from "../engine/metrics/batch-trace.ts";
import { drawCount, drawsTable, runDraws } from "./draws.ts";
import { InputError } from "./input-error.ts";
import { print } from "./print.ts";
import { clock, whole } from "./format.ts";
import { progressLine } from "./progress.ts";
import { withAssignments, withProfileFiles, withTraceFile } from "./scenario-flags.ts";
import { scenarioArgument } from "./scenario-argument.ts";
import { summaryTable } from "./summary-table.ts";
import { openOutFile, openOutFolder, type OutFile } from "./whole-files.ts";
import { everything } from "../scenario/everything.ts";
import { presetFacts } from "../workload/presets/index.ts";

export interface RunFlags {
  readonly trace?: string;
  readonly profile: readonly string[];
  readonly set: readonly string[];
  readonly seed?: string;
  readonly step?: boolean;
  readonly out?: string;
  readonly json?: boolean;
  readonly detail?: boolean;
  readonly perfetto?: string;
  readonly window?: string;
  readonly decodes?: string;
  readonly draws?: string;
}

/** What the run asked of its profiles that they were not measured for, on stderr. */
async function warnBeyond(scenario: Scenario, profiles: ReadonlyMap<string, OpenProfile>, { requests }: RunResults): Promise<void> {
  const { beyondProfile, lengthsOf } = await import("../scenario/profiles.ts");
  scenario.pools.forEach((pool, i) => {
    const open = profiles.get(profilesOf({ ...scenario, pools: [pool] })[0]?.hash ?? "");
    if (open === undefined) return;
    for (const sentence of beyondProfile(scenario, pool, open, requests === null ? [] : lengthsOf(requests, i)))
      process.stderr.write(`pools[${i}]: ${sentence}\n`);
  });
}

/** Events between two looks at the clock. */
const SLICE_EVENTS = 20_000;

async function finish(detailed: DetailedRun): Promise<RunResults> {
  const { run } = detailed;
  const { simulation } = run;
  const total = Number.isNaN(simulation.expected) ? "" : ` of ${whole(simulation.expected)}`;
  const progress = progressLine();
  while (!run.runUntil(Infinity, SLICE_EVENTS)) {
    progress.text(`${whole(run.endedCount)}${total} requests, simulated ${clock(simulation.now)}`);
    // Lets an interrupt in.
    await new Promise((resolve) => setImmediate(resolve));
  }
  progress.clear();
  return detailed.results();
}

/** What --perfetto, --window and --decodes ask for; null for no trace. */
function batchTraceOf({ perfetto, window, decodes = "auto" }: RunFlags): BatchTraceOptions | null {
  if (perfetto === undefined) {
    if (window !== undefined) throw new InputError(`--window ${window}: It is the window of a trace. Ask for one with --perfetto FILE.`);
    return null;
  }
  if (decodes !== "auto" && decodes !== "each" && decodes !== "runs")
    throw new InputError(`--decodes ${decodes}: Give each (a slice for every iteration), runs (decode x k) or auto.`);
  const ends = (window ?? "0,").split(",");
  const [from, to] = ends.map((text, i) => (text.trim() === "" ? (i === 0 ? 0 : Infinity) : Number(text))) as [number, number];
  if (ends.length !== 2 || !(from >= 0) || !(to > from))
    throw new InputError(
      `--window ${window}: Give two times in seconds, the earlier first: from,to. Either may be left out, as in 60, for all after a minute.`,
    );
  return { from, to, decodes, maxEvents: MAX_EVENTS };
}

export async function run(given: string, flags: RunFlags): Promise<void> {
  const argument = await scenarioArgument(given);
  const source = await withTraceFile(argument.scenario, flags.trace);
  const measured = await withProfileFiles(source.scenario, flags.profile, argument.models);
  const scenario = withAssignments(measured.scenario, flags);
  const batchTrace = batchTraceOf(flags);
  const draws = drawCount(scenario, flags.draws);
  if (flags.detail === true && flags.out === undefined && flags.json !== true)
    throw new InputError("--detail: The details are written to files or printed as JSON. Add --out FOLDER or --json.");
  const profiles = measured.profiles.length > 0 ? (await import("../scenario/profiles.ts")).openProfiles(measured.profiles) : undefined;
  const out = flags.out === undefined ? null : openOutFolder(flags.out);
  let traceFile: OutFile | null = null;
  try {
    traceFile = flags.perfetto === undefined ? null : openOutFile(flags.perfetto, "--perfetto");
    const options: RunOptions = {
      trace: source.trace,
      step: flags.step === true,
      workloads: presetFacts,
      ...everything,
      keepRequests: true,
      ...(profiles === undefined ? {} : { profiles }),
    };
    const detailed = createDetailedRun(scenario, { ...options, detail: flags.detail === true, batchTrace });
    const single = await finish(detailed);
    const results = draws === 0 ? single : { ...single, draws: await runDraws(scenario, options, draws) };
    if (profiles !== undefined) await warnBeyond(scenario, profiles, results);
    out?.write(runFiles(results));
    if (traceFile !== null) {
      const { chunks, notes } = detailed.perfetto();
      traceFile.write(chunks);
      for (const note of notes) process.stderr.write(`${flags.perfetto}: ${note}\n`);
    }
    const table = summaryTable(scenario, results.summary, results.routing);
    if (flags.json === true) print(summaryText(results));
    else print(results.draws === undefined ? table : `${table}\n\n${drawsTable(results.draws)}`);
  } catch (error) {
    if (error instanceof ScenarioError) throw new InputError(error.message);
    throw error;
  } finally {
    out?.discard();
    traceFile?.discard();
  }
}
