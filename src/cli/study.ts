// What goodput goodput, compare and cheapest have in common: scenarios with their files, a pool to run them, an interrupt, progress.
import { RunProblem } from "../analysis/replications.ts";
import { MOST_SEEDS, seedsFrom } from "../analysis/plan.ts";
import type { SweepFiles } from "../analysis/sweep-host.ts";
import type { RunScenario, Window } from "../analysis/types.ts";
import type { Scenario } from "../scenario/types.ts";
import { InputError } from "./input-error.ts";
import { interruptible } from "./interrupt.ts";
import { progressLine } from "./progress.ts";
import { jobsOf, openPool } from "./run-pool.ts";
import { scenarioArgument } from "./scenario-argument.ts";
import { withAssignments, withProfileFiles, withTraceFile } from "./scenario-flags.ts";
import { wholeOf } from "./sweep-input.ts";

export interface StudyFlags {
  readonly trace?: string;
  readonly profile: readonly string[];
  readonly set: readonly string[];
  readonly seeds?: string;
  readonly confidence?: string;
  readonly jobs?: string;
  readonly json?: boolean;
}

export interface Study {
  readonly scenario: Scenario;
  readonly files: SweepFiles;
}

export async function openStudy(given: string, flags: StudyFlags): Promise<Study> {
  const argument = await scenarioArgument(given);
  const source = await withTraceFile(argument.scenario, flags.trace);
  const measured = await withProfileFiles(source.scenario, flags.profile, argument.models);
  return { scenario: withAssignments(measured.scenario, { set: flags.set }), files: { trace: source.trace, profiles: measured.profiles } };
}

/** A number of a flag between two limits, neither of them included. */
export function betweenOf(flag: string, given: string | undefined, otherwise: number, what: string, low: number, high: number): number {
  if (given === undefined) return otherwise;
  const value = Number(given);
  if (given.trim() === "" || !(value > low && value < high))
    throw new InputError(`${flag} ${given}: This is not ${what}. Give a number between ${low} and ${high}, such as ${otherwise}.`);
  return value;
}

export const confidenceOf = ({ confidence }: StudyFlags): number => betweenOf("--confidence", confidence, 0.95, "a confidence", 0.5, 1);

export const seedsOf = ({ seeds }: StudyFlags, scenario: Scenario, otherwise: number): readonly number[] =>
  seedsFrom(scenario, seeds === undefined ? otherwise : wholeOf("--seeds", seeds, "a number of seeds", 2, MOST_SEEDS));

/** "0.1,0.95". */
export function windowOf(given: string | undefined, otherwise: Window): Window {
  if (given === undefined) return otherwise;
  const [from = NaN, to = NaN, ...more] = given.split(",").map((part) => (part.trim() === "" ? NaN : Number(part)));
  if (more.length > 0 || !(from >= 0 && to <= 1 && to - from >= 0.01))
    throw new InputError(`--window ${given}: This is not a part of the requests. Give two shares, the smaller first, such as 0.1,0.95.`);
  return [from, to];
}

/** Runs the work with a pool, and ends both; what a scenario is to blame for becomes a sentence for the person. */
export async function inPool<T>(
  flags: StudyFlags,
  files: SweepFiles,
  work: (run: RunScenario, signal: AbortSignal, tell: (text: string) => void) => Promise<T>,
): Promise<T> {
  const jobs = jobsOf(flags.jobs);
  const interrupt = interruptible();
  const progress = progressLine();
  const pool = openPool(jobs, files);
  interrupt.signal.addEventListener("abort", () => pool.close(), { once: true });
  try {
    return await work(pool.run, interrupt.signal, (text) => progress.text(text));
  } catch (error) {
    interrupt.signal.throwIfAborted();
    if (error instanceof RunProblem) throw new InputError(error.message);
    throw error;
  } finally {
    pool.close();
    progress.clear();
    interrupt.end();
  }
}
