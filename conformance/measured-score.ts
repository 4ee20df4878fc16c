// Errors of repeated runs: signed per run, judged by the median of their sizes.
import { QUANTITIES } from "../src/analysis/validation.ts";
import type { Quantity, ValidationRun } from "../src/analysis/validation.ts";
import type { Note, Report } from "./suite.ts";

/** Errors of one run: simulated / measured - 1. */
export type RunErrors = ValidationRun;

export interface Limits {
  /** Largest median error, as a share. */
  readonly most: Readonly<Partial<Record<Quantity, number>>>;
  /** Why these limits and no tighter ones; none for the acceptance targets. */
  readonly cause?: string;
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
const signed = (share: number): string => `${share < 0 ? "" : "+"}${(share * 100).toFixed(0)} %`;

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

export const errorsOf = (runs: readonly RunErrors[], quantity: Quantity): readonly number[] =>
  runs.flatMap(({ errors }) => (errors[quantity] === undefined ? [] : [errors[quantity]]));

/** "E2E 2.1 % (-1 %)": the median size of the error, and its median with the sign. */
export function summary(runs: readonly RunErrors[], limits: Limits = { most: {} }): string {
  return QUANTITIES.flatMap((quantity) => {
    const errors = errorsOf(runs, quantity);
    if (errors.length === 0) return [];
    const limit = limits.most[quantity];
    return [
      `${quantity} ${percent(median(errors.map(Math.abs)))}${limit === undefined ? "" : ` (at most ${percent(limit)})`}, bias ${signed(median(errors))}`,
    ];
  }).join("; ");
}

const oneRun = ({ name, errors }: RunErrors): string =>
  `${name}: ${QUANTITIES.flatMap((quantity) => (errors[quantity] === undefined ? [] : [`${quantity} ${signed(errors[quantity])}`])).join(", ")}`;

/** Sorted by the largest error in a judged quantity. */
export function worstFirst<Run extends RunErrors>(runs: readonly Run[]): readonly Run[] {
  const worst = ({ errors }: RunErrors): number =>
    Math.max(...(["E2E", "TTFT", "TPOT"] as const).map((quantity) => Math.abs(errors[quantity] ?? 0)));
  return runs.toSorted((a, b) => worst(b) - worst(a));
}

/** The runs that are furthest off. */
export function noteRuns(title: string, runs: readonly RunErrors[], most: number, note: Note): void {
  for (const run of worstFirst(runs).slice(0, most)) note(`${title} ${oneRun(run)}`);
  if (runs.length > most) note(`${title} ${runs.length - most} more runs with smaller errors`);
}

/** One case: the median error of every judged quantity within its limit. */
export function judge(name: string, runs: readonly RunErrors[], limits: Limits, report: Report): void {
  const over = (Object.keys(limits.most) as Quantity[]).filter((quantity) => {
    const errors = errorsOf(runs, quantity);
    return errors.length === 0 || !(median(errors.map(Math.abs)) <= limits.most[quantity]!);
  });
  const cause = limits.cause === undefined ? "" : `; limits: ${limits.cause}`;
  report(
    name,
    over.length === 0,
    `${over.length > 0 ? `over its limit: ${over.join(", ")}; ` : ""}${runs.length} runs, median error ${summary(runs, limits)}${cause}`,
  );
}
