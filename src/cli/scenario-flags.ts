// --set, --seed, --trace and --profile: what changes the scenario of a command before it runs.
import { profilesOf, withProfile } from "../scenario/profile-refs.ts";
import type { NamedProfile } from "../scenario/profiles.ts";
import { setPath } from "../scenario/set-path.ts";
import type { Scenario } from "../scenario/types.ts";
import { withTrace } from "../scenario/with-trace.ts";
import type { Trace } from "../workload/types.ts";
import { InputError } from "./input-error.ts";
import { oneLine } from "./scenario-argument.ts";

export function withAssignments(scenario: Scenario, { set, seed }: { readonly set: readonly string[]; readonly seed?: string }): Scenario {
  let changed = scenario;
  const assign = (flag: string, assignment: string): void => {
    const outcome = setPath(changed, assignment);
    if (!outcome.ok) throw new InputError(oneLine(`${flag} ${flag === "--seed" ? assignment.slice(5) : assignment}`, outcome.errors));
    changed = outcome.scenario;
  };
  for (const assignment of set) assign("--set", assignment);
  if (seed !== undefined) assign("--seed", `seed=${seed}`);
  return changed;
}

/** The scenario with its trace: the file's, where --trace is given. A scenario that names the same file keeps its window and limits. */
export async function withTraceFile(scenario: Scenario, file: string | undefined): Promise<{ scenario: Scenario; trace: Trace | null }> {
  const { source } = scenario.traffic;
  if (file === undefined) {
    if (source.kind === "trace")
      throw new InputError(
        `The scenario needs the trace "${source.file}" (SHA-256 ${source.hash}), which a link or scenario file does not hold. Give it with --trace FILE.`,
      );
    return { scenario, trace: null };
  }
  const { readTraceFile } = await import("./trace-file.ts");
  const { trace, report } = await readTraceFile(file);
  for (const problem of report.problems) if (problem.effect === "refused") process.stderr.write(`${file}: ${problem.text}\n`);
  const named = source.kind === "trace" && source.hash === report.hash;
  return { scenario: named ? scenario : withTrace(scenario, { hash: report.hash, file: report.file }), trace };
}

/** The scenario with the profiles of --profile: where it names others or none, one profile goes to every pool. `linked` came with its link. */
export async function withProfileFiles(
  scenario: Scenario,
  paths: readonly string[],
  linked: readonly NamedProfile[],
): Promise<{ scenario: Scenario; profiles: readonly NamedProfile[] }> {
  if (paths.length === 0) return { scenario, profiles: linked };
  const named = profilesOf(scenario);
  const { readProfileFiles } = await import("./profile-file.ts");
  const given = await readProfileFiles(paths);
  const profiles = [...given, ...linked.filter(({ hash }) => !given.some((one) => one.hash === hash))];
  const unnamed = given.filter(({ hash }) => !named.some((ref) => ref.hash === hash));
  const [first] = unnamed;
  if (first === undefined) return { scenario, profiles };
  if (given.length > 1)
    throw new InputError(
      `--profile: ${given.length} profiles were given, and no pool of the scenario names ${first.file} (SHA-256 ${first.hash}). Give one profile, or name each in the latency of its pool.`,
    );
  return { scenario: withProfile(scenario, first, undefined, "fitted" in first.profile ? "fitted" : "operator-table"), profiles };
}
