// What settings and their values are called.
import type { Axis, Plan } from "../../../analysis/experiment.ts";
import { nameOf, settingLabel } from "../../../analysis/plan.ts";
import type { Scenario } from "../../../scenario/types.ts";
import { variablesOf, WHICH } from "./parameters.ts";

/** One axis by name, its values as people call them, and as numbers where they are numbers. */
export interface NamedAxis {
  readonly path: string;
  /** "Autoscaler", "Level". */
  readonly name: string;
  readonly unit: string;
  /** Name of a value: of an option of a choice its own. */
  readonly nameOf: (value: string) => string;
  /** Values that stand for themselves in a sentence: "InferLine", not "autoscaler InferLine". */
  readonly speaks: boolean;
}

export interface Labels {
  readonly axes: readonly NamedAxis[];
  /** "level 2" or "InferLine, window 5", by setting. */
  readonly labels: readonly string[];
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

export function namedAxes(base: Scenario, axes: readonly Axis[]): NamedAxis[] {
  const variables = variablesOf(base);
  return axes.map((axis) => {
    const variable = variables.find(({ path }) => path === axis.path);
    const options = variable?.param.kind === "choice" ? variable.param.options : [];
    return {
      path: axis.path,
      name: capital(variable?.label === WHICH ? variable.group : nameOf(axis)),
      unit: variable?.param.kind === "number" ? (variable.param.unit ?? "") : "",
      nameOf: (value) => options.find(({ id }) => id === value)?.label ?? value,
      speaks: options.length > 0,
    };
  });
}

const known = new WeakMap<Plan, Labels>();

/** Options of a choice by their own names, numbers by the name of what they are. Made once per plan: panels ask with every run that ends. */
export function labelsOf(plan: Plan): Labels {
  const before = known.get(plan);
  if (before !== undefined) return before;
  const labels = makeLabels(plan);
  known.set(plan, labels);
  return labels;
}

function makeLabels({ experiment, settings }: Plan): Labels {
  const axes = namedAxes(experiment.base, experiment.axes);
  const labels = settings.map(({ values }) =>
    experiment.axes
      .map((axis, i) => {
        const value = values[i] ?? "";
        return axes[i]?.speaks === true ? axes[i].nameOf(value) : settingLabel([axis], { values: [value] });
      })
      .join(", "),
  );
  return {
    axes,
    labels,
  };
}
