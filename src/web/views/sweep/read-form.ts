// A form that comes from a link or an earlier visit: taken only where all of it has the right shape. Paths, values and quantities are checked where they are used.
import { isMetricId } from "../../../analysis/metrics.ts";
import { DESIGNS, MOST_AXES, MOST_DRAWN, MOST_SEEDS, type AxisForm, type Design, type SweepForm } from "./form-types.ts";

type Raw = Readonly<Record<string, unknown>>;

const isRaw = (value: unknown): value is Raw => typeof value === "object" && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === "string" && value.length <= 1000;
const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);
const isCount = (value: unknown, most: number): value is number => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= most;

function axisFrom(raw: unknown): AxisForm | null {
  if (!isRaw(raw) || !isText(raw["path"]) || !isText(raw["values"])) return null;
  const { path, values, range } = raw;
  if (!isRaw(range)) return { path, values };
  const { from, to, count, scale } = range;
  if (!isNumber(from) || !isNumber(to) || !isCount(count, 200) || (scale !== "linear" && scale !== "log")) return { path, values };
  return { path, values, range: { from, to, count, scale } };
}

const constraintFrom = (raw: unknown): SweepForm["constraints"] => {
  if (!isRaw(raw) || !isMetricId(raw["metric"])) return [];
  const { metric, atMost, atLeast } = raw;
  if (isNumber(atMost)) return [{ metric, atMost }];
  return isNumber(atLeast) ? [{ metric, atLeast }] : [];
};

/** Null where it is no form. Links of the time of one parameter have `path` and `values` instead of `axes`. */
export function readForm(raw: unknown): SweepForm | null {
  if (!isRaw(raw)) return null;
  const { name, seeds, x, y, reference, design, settings, split } = raw;
  const given = Array.isArray(raw["axes"]) ? (raw["axes"] as unknown[]) : [raw];
  const axes = given.slice(0, MOST_AXES).flatMap((axis) => axisFrom(axis) ?? []);
  if (![name, x, y].every(isText) || !isCount(seeds, MOST_SEEDS) || axes.length === 0) return null;
  if (!Array.isArray(reference) || reference.length !== 2 || !reference.every((at) => at === null || isNumber(at))) return null;
  return {
    name: name as string,
    axes,
    design: DESIGNS.includes(design as Design) ? (design as Design) : "grid",
    settings: isCount(settings, MOST_DRAWN) ? settings : 32,
    seeds,
    x: x as string,
    y: y as string,
    reference: reference as [number | null, number | null],
    constraints: Array.isArray(raw["constraints"]) ? raw["constraints"].flatMap(constraintFrom).slice(0, 4) : [],
    ...(raw["stop"] === true ? { stop: true } : {}),
    ...(split === null || isText(split) ? { split } : {}),
  };
}
