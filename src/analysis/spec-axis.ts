// One axis of a sweep's file: values, a range with a step or a count, or values that set several paths; and back.
import { exp, ln } from "../engine/kernel/math.ts";
import { MOST_VALUES } from "./axis-values.ts";
import type { Axis } from "./experiment.ts";

/** As it stands in the file, its fields checked by themselves. */
export interface SpecAxis {
  readonly path?: string;
  readonly name?: string;
  /** Of a path: numbers, texts, JSON. Of a name: `{ label, set: { path: value } }`. */
  readonly values?: readonly unknown[];
  readonly from?: number;
  readonly to?: number;
  readonly step?: number;
  /** Values of a range, both ends among them. */
  readonly count?: number;
  readonly scale?: "linear" | "log";
  readonly whole?: boolean;
}

type Outcome = { readonly axis: Axis } | { readonly error: string };

const text = (value: unknown): string => (typeof value === "string" ? value : (JSON.stringify(value) ?? ""));

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);

function namedAxis(name: string, values: readonly unknown[], at: string): Outcome {
  const labels: string[] = [];
  const sets: string[][] = [];
  for (const [i, value] of values.entries()) {
    const label = isRecord(value) ? value["label"] : undefined;
    const set = isRecord(value) ? value["set"] : undefined;
    if (typeof label !== "string" || label === "" || !isRecord(set) || Object.keys(set).length === 0)
      return {
        error: `${at}.values[${i}]: Give an object with a label and what it sets, such as {"label": "fast", "set": {"pools[0].replicas": 8}}.`,
      };
    labels.push(label);
    sets.push(Object.entries(set).map(([path, one]) => `${path}=${text(one)}`));
  }
  return { axis: { path: name, values: labels, sets } };
}

/** Both ends among them; six digits, so that they are what a person would type. */
function rangeValues({ from = 0, to = 0, step, count, scale = "linear", whole = false }: SpecAxis): string[] {
  const number = step === undefined ? count! : Math.floor((to - from) / step + 1e-6) + 1;
  const values = Array.from({ length: number }, (_, i) => {
    if (step !== undefined) return from + i * step;
    const share = i / (number - 1);
    const value = scale === "log" ? exp(ln(from) + share * (ln(to) - ln(from))) : from + share * (to - from);
    return i === 0 ? from : i === number - 1 ? to : value;
  });
  return [...new Set(values.map((value) => String(whole ? Math.round(value) : Number(value.toPrecision(step === undefined ? 6 : 12)))))];
}

function rangeAxis(path: string, spec: SpecAxis, at: string): Outcome {
  const { from, to, step, count, scale = "linear", whole = false } = spec;
  if (from === undefined || to === undefined) return { error: `${at}: There are neither values nor a range. Give values, or from and to.` };
  if (!(to > from)) return { error: `${at}.to: ${to} is not above from, ${from}. Give the smaller number first.` };
  if (scale === "log" && !(from > 0)) return { error: `${at}.from: A log range begins above 0. Give a from above 0.` };
  if (step !== undefined && (count !== undefined || scale === "log" || !(step > 0)))
    return { error: `${at}.step: Give a step above 0 of a linear range, or a count, and not both.` };
  if (step !== undefined && (to - from) / step >= MOST_VALUES)
    return { error: `${at}.step: ${step} gives more than ${MOST_VALUES} values. Give a larger step.` };
  const values = step === undefined && count === undefined ? [] : rangeValues(spec);
  return { axis: values.length > 0 ? { path, values } : { path, values, range: { from, to, scale, whole } } };
}

export function axisOfSpec(spec: SpecAxis, at: string): Outcome {
  const { path, name, values, from, to } = spec;
  if ((path === undefined) === (name === undefined))
    return { error: `${at}: Give either the path of one parameter, or a name and values that set several.` };
  if (values !== undefined && (from !== undefined || to !== undefined)) return { error: `${at}: Give values or a range, and not both.` };
  if (values !== undefined && (values.length === 0 || values.length > MOST_VALUES))
    return { error: `${at}.values: There are ${values.length} values. Give 1 to ${MOST_VALUES}.` };
  if (path === undefined)
    return values === undefined
      ? { error: `${at}.values: is missing. Give values that set paths.` }
      : unique(namedAxis(name!, values, at), at);
  return values === undefined ? rangeAxis(path, spec, at) : unique({ axis: { path, values: values.map(text) } }, at);
}

function unique(made: Outcome, at: string): Outcome {
  if ("error" in made) return made;
  const { values } = made.axis;
  const twice = values.find((value, i) => values.indexOf(value) < i);
  return twice === undefined ? made : { error: `${at}.values: ${twice} is there twice. Give each value once.` };
}

/** A value that setPath() would read back the same. */
function valueOf(given: string): unknown {
  try {
    return JSON.parse(given) as unknown;
  } catch {
    return given;
  }
}

/** The axis as its file has it; values of a range that are listed stay listed. */
export function specOfAxis({ path, values, sets, range }: Axis): Record<string, unknown> {
  if (sets !== undefined) {
    const setOf = (assignments: readonly string[]): Record<string, unknown> =>
      Object.fromEntries(assignments.map((one) => [one.slice(0, one.indexOf("=")), valueOf(one.slice(one.indexOf("=") + 1))]));
    return { name: path, values: values.map((label, i) => ({ label, set: setOf(sets[i]!) })) };
  }
  if (values.length > 0) return { path, values: values.map(valueOf) };
  return { path, ...range };
}
