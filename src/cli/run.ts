// goodput run
import { ScenarioError } from "../scenario/build.ts";
import { runFiles, summaryText } from "../scenario/files.ts";
import type { RunResults } from "../scenario/files.ts";
import type { OpenProfile } from "../latency/types.ts";
import { profilesOf } from "../scenario/profile-refs.ts";
import { createRun } from "../scenario/run.ts";
import type { Run } from "../scenario/run.ts";
import type { Scenario } from "../scenario/types.ts";
import { InputError } from "./input-error.ts";
import { print } from "./print.ts";
import { clock, whole } from "./format.ts";
import { progressLine } from "./progress.ts";
import { withAssignments, withProfileFiles, withTraceFile } from "./scenario-flags.ts";
import { scenarioArgument } from "./scenario-argument.ts";
import { summaryTable } from "./summary-table.ts";
import { openOutFolder } from "./whole-files.ts";
import { autoscaling } from "../policies/autoscaling/index.ts";
import { presetFacts } from "../workload/presets/index.ts";

export interface RunFlags {
  readonly trace?: string;
  readonly profile: readonly string[];
  readonly set: readonly string[];
  readonly seed?: string;
  readonly step?: boolean;
  readonly out?: string;
  readonly json?: boolean;
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

async function finish(run: Run): Promise<RunResults> {
  const { simulation } = run;
  const total = Number.isNaN(simulation.expected) ? "" : ` of ${whole(simulation.expected)}`;
  const progress = progressLine();
  while (!run.runUntil(Infinity, SLICE_EVENTS)) {
    progress.text(`${whole(run.endedCount)}${total} requests, simulated ${clock(simulation.now)}`);
    // Lets an interrupt in.
    await new Promise((resolve) => setImmediate(resolve));
  }
  progress.clear();
  return run.results();
}

export async function run(given: string, flags: RunFlags): Promise<void> {
  const source = await withTraceFile(await scenarioArgument(given), flags.trace);
  const measured = await withProfileFiles(source.scenario, flags.profile);
  const scenario = withAssignments(measured.scenario, flags);
  const profiles = measured.profiles.length > 0 ? (await import("../scenario/profiles.ts")).openProfiles(measured.profiles) : undefined;
  const out = flags.out === undefined ? null : openOutFolder(flags.out);
  try {
    const results = await finish(
      createRun(scenario, {
        trace: source.trace,
        step: flags.step === true,
        workloads: presetFacts,
        autoscalers: autoscaling,
        keepRequests: true,
        ...(profiles === undefined ? {} : { profiles }),
      }),
    );
    if (profiles !== undefined) await warnBeyond(scenario, profiles, results);
    out?.write(runFiles(results));
    print(flags.json === true ? summaryText(scenario, results.summary) : summaryTable(scenario, results.summary));
  } catch (error) {
    if (error instanceof ScenarioError) throw new InputError(error.message);
    throw error;
  } finally {
    out?.discard();
  }
}
