// Scenarios that the present one is compared with, by short names that links can carry: "set:path=value", "preset:id", "pinned", "setting:3".
import type { ComparedScenario } from "../../../analysis/types.ts";
import type { Plan } from "../../../analysis/experiment.ts";
import { presets } from "../../../scenario/presets/index.ts";
import { setPath } from "../../../scenario/set-path.ts";
import type { Scenario } from "../../../scenario/types.ts";
import { labelsOf } from "../sweep/labels.ts";
import { variablesOf, WHICH } from "../sweep/parameters.ts";

export interface Known {
  readonly scenario: Scenario;
  readonly pinned: Scenario | null;
  /** The sweep on the page. */
  readonly plan: Plan | null;
}

export type Named = { readonly ok: true; readonly compared: ComparedScenario } | { readonly ok: false; readonly error: string };

const no = (error: string): Named => ({ ok: false, error });
const yes = (label: string, scenario: Scenario): Named => ({ ok: true, compared: { label, scenario } });

/** "Replicas 6", "InferLine". */
function changeLabel(scenario: Scenario, assignment: string): string {
  const cut = assignment.indexOf("=");
  const [path, value] = [assignment.slice(0, cut), assignment.slice(cut + 1)];
  const variable = variablesOf(scenario).find((known) => known.path === path);
  if (variable === undefined) return assignment;
  const option = variable.param.kind === "choice" ? variable.param.options.find(({ id }) => id === value) : undefined;
  return `${variable.label === WHICH ? variable.group : variable.label} ${option?.label ?? value}`;
}

export function named(id: string, { scenario, pinned, plan }: Known): Named {
  const cut = id.indexOf(":");
  const [kind, rest] = cut < 0 ? [id, ""] : [id.slice(0, cut), id.slice(cut + 1)];
  if (kind === "pinned")
    return pinned === null ? no("No run is pinned. Pin one in the Workbench, or take this scenario away.") : yes("Pinned run", pinned);
  if (kind === "preset") {
    const preset = presets.find((known) => known.id === rest);
    return preset === undefined ? no(`There is no preset ${rest}. Take it away.`) : yes(preset.scenario.name, preset.scenario);
  }
  if (kind === "setting") {
    const setting = plan?.settings[Number(rest)];
    return plan === null || setting === undefined
      ? no(`The sweep has no setting ${rest}. Run it, or take this scenario away.`)
      : yes(labelsOf(plan).labels[Number(rest)] ?? `setting ${rest}`, setting.scenario);
  }
  const outcome = setPath(scenario, rest);
  return outcome.ok ? yes(changeLabel(scenario, rest), outcome.scenario) : no(outcome.errors[0] ?? "");
}
