// Slider positions 0 to 1 for the values of a number parameter, linear or logarithmic.
import type { NumberParam } from "../../engine/params.ts";

/** A slider makes sense where the range can be pointed at: not for limits that only guard against nonsense. */
export function hasSlider(param: NumberParam): boolean {
  const { min, max } = param;
  if (!Number.isFinite(min) || !Number.isFinite(max) || max > 1e9) return false;
  return param.scale === "log" || (max - min) / stepOf(param) <= 20000;
}

export function stepOf(param: NumberParam): number {
  if (param.step !== undefined && param.step > 0) return param.step;
  if (param.integer === true) return 1;
  const range = param.max - param.min;
  return Number.isFinite(range) && range > 0 ? 10 ** Math.floor(Math.log10(range / 100)) : 1;
}

/** Lowest value that a logarithmic slider can stand for; a minimum of 0 has its own place at the very left. */
const logFloor = (param: NumberParam): number => (param.min > 0 ? param.min : Math.min(stepOf(param), param.max / 1000));

export function toPosition(param: NumberParam, value: number): number {
  const { min, max } = param;
  if (param.scale === "log") {
    const low = logFloor(param);
    return value <= low ? 0 : Math.min(1, Math.log(value / low) / Math.log(max / low));
  }
  return max > min ? Math.max(0, Math.min(1, (value - min) / (max - min))) : 0;
}

export function fromPosition(param: NumberParam, position: number): number {
  const { min, max } = param;
  if (param.scale !== "log") return snap(param, min + position * (max - min));
  if (position <= 0) return min;
  const low = logFloor(param);
  return snap(param, low * (max / low) ** position);
}

/** On the grid of the step; logarithmic ranges keep two significant digits where the step is finer than that. */
export function snap(param: NumberParam, value: number): number {
  let step = stepOf(param);
  if (param.scale === "log" && value > 0) step = Math.max(step, 10 ** (Math.floor(Math.log10(value)) - 1));
  const snapped = Math.round(value / step) * step;
  return Number(Math.max(param.min, Math.min(param.max, snapped)).toPrecision(12));
}

/** A number as it stands in a field: up to nine significant digits, no exponent down to a billionth, thousands comma, true minus. */
export function fieldText(value: number): string {
  if (!Number.isFinite(value)) return "";
  const exact = Number(value.toPrecision(9));
  const text = Math.abs(exact) < 1e-6 && exact !== 0 ? exact.toFixed(15).replace(/0+$/, "") : exact.toString();
  const [int = "0", fraction] = text.split(".");
  const grouped = int.includes("e") ? int : int.replace(/\B(?=(\d{3})+$)/g, ",");
  return (fraction === undefined ? grouped : `${grouped}.${fraction}`).replace("-", "\u2212");
}

/** What is wrong with a number for this parameter, as the start of a sentence; null when it fits. */
export function complaint(param: NumberParam, value: number): string | null {
  const unit = param.unit === undefined ? "" : `\u00a0${param.unit}`;
  if (!Number.isFinite(value)) return "Not a number";
  if (value < param.min) return `At least ${param.min}${unit}`;
  if (value > param.max) return `At most ${param.max}${unit}`;
  if (param.integer === true && !Number.isInteger(value)) return "Whole numbers only";
  return null;
}
