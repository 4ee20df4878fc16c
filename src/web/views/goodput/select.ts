// Attainment against rate, or against tighter SLOs, as a curve with intervals.
import type { GoodputProgress, GoodputResult, SloScaleResult } from "../../../analysis/types.ts";
import type { TableData } from "../../ui/chart/table-data.ts";
import { fixed, NBSP, percent, significant, TIMES } from "../../ui/format.ts";

export interface CurvePoint {
  readonly x: number;
  readonly attainment: number;
  readonly low: number;
  readonly high: number;
}

export interface CurveModel {
  /** "Offered rate, req/s". */
  readonly across: string;
  readonly points: readonly CurvePoint[];
  readonly share: number;
  /** Where the curve crosses the share, and between which values with confidence; null while unknown. */
  readonly answer: { readonly at: number; readonly low: number; readonly high: number | null; readonly label: string } | null;
  readonly text: string;
  readonly show: (x: number) => string;
}

export const reqPerS = (rate: number): string => `${significant(rate)}${NBSP}req/s`;

const sentenceOf = (points: readonly CurvePoint[], show: (x: number) => string): string =>
  points.map(({ x, attainment }) => `${show(x)}: ${percent(attainment)}`).join("; ");

export function selectRates(curve: GoodputProgress["curve"], share: number, result: GoodputResult | null): CurveModel {
  const points = curve.map(({ rate, attainment, low, high }) => ({ x: rate, attainment, low, high }));
  return {
    across: "Offered rate, req/s",
    points,
    share,
    answer:
      result === null || result.rate === 0 ? null : { at: result.rate, low: result.low, high: result.high, label: reqPerS(result.rate) },
    text: `Share of requests that meet every SLO by offered rate. ${sentenceOf(points, reqPerS)}.`,
    show: reqPerS,
  };
}

export function selectScales(curve: SloScaleResult["curve"], share: number, result: SloScaleResult | null): CurveModel {
  const show = (factor: number): string => `${significant(factor)}${NBSP}${TIMES}`;
  const points = curve.map(({ factor, attainment, low, high }) => ({ x: factor, attainment, low, high })).sort((a, b) => a.x - b.x);
  return {
    across: `All limits, ${TIMES} the scenario's`,
    points,
    share,
    answer:
      result === null || !Number.isFinite(result.factor)
        ? null
        : { at: result.factor, low: result.low, high: result.high, label: show(result.factor) },
    text: `Share of requests that meet every SLO by the scale of its limits. ${sentenceOf(points, show)}.`,
    show,
  };
}

export function curveTable({ across, points, show }: CurveModel): TableData {
  const share = (label: string, of: (point: CurvePoint) => number) => ({
    label,
    unit: "%",
    raw: (row: number) => 100 * of(points[row]!),
    show: (row: number) => fixed(100 * of(points[row]!), 2),
  });
  return {
    title: "Attainment",
    length: points.length,
    columns: [
      { label: across, raw: (row) => points[row]!.x, show: (row) => show(points[row]!.x) },
      share("Requests that meet every SLO", ({ attainment }) => attainment),
      share("Lower end", ({ low }) => low),
      share("Upper end", ({ high }) => high),
    ],
  };
}
