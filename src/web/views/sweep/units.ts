// Values of the quantities that settings are compared by, as text.
import type { Spread } from "../../../analysis/findings.ts";
import type { Metric } from "../../../analysis/metrics.ts";
import { fixed, milliseconds, money, NBSP, percent, seconds, significant, trimmed } from "../../ui/format.ts";

/** With its unit, for texts and tooltips. Settings differ by milliseconds: below a second they are counted. */
export function inUnit({ unit }: Metric, value: number): string {
  if (unit === "s") return value < 0.9995 ? milliseconds(value, value < 0.0995 ? 1 : 0) : seconds(value);
  if (unit === "share") return percent(value);
  if (unit === "req/s" || unit === "req/s per GPU") return `${significant(value)}${NBSP}${unit}`;
  return unit === "$" ? money(value) : `${money(value)}${unit.slice(1).replace(" ", NBSP)}`;
}

/** ± standard deviation, in the unit of the mean. */
export function deviationOf({ unit }: Metric, { mean, sd }: Spread): string {
  if (sd === null) return "";
  if (unit === "share") return `± ${fixed(100 * sd, 1)}`;
  if (unit !== "s") return `± ${fixed(sd, 2)}`;
  return mean < 0.9995 ? `± ${deviationText(sd * 1000, mean < 0.0995 ? 1 : 0)}` : `± ${deviationText(sd, mean < 9.995 ? 2 : 1)}`;
}

/** With the decimals of its mean, and one more where it would be rounded to nothing. */
export const deviationText = (sd: number, decimals: number): string => {
  const finer = Number(sd.toFixed(decimals)) === 0 && Number(sd.toFixed(decimals + 1)) > 0;
  return fixed(sd, finer ? decimals + 1 : decimals);
};

/** Unit of an axis or a column: shares are shown in percent. */
export const axisUnit = ({ unit }: Metric): string => (unit === "share" ? "%" : unit);

export const axisTitle = (metric: Metric): string => `${metric.label}, ${axisUnit(metric)}`;

/** A round value on an axis, without its unit. */
export const tickText = ({ unit }: Metric, value: number): string =>
  trimmed(unit === "share" ? Number((100 * value).toPrecision(6)) : value);
