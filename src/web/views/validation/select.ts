// Sets of measured runs -> rows, points, tables, texts.
import { PUBLISHED, QUANTITIES } from "../../../analysis/validation.ts";
import type { Quantity, ValidationClass, ValidationFigures, ValidationRun, ValidationSet } from "../../../analysis/validation.ts";
import type { TableColumn, TableData } from "../../ui/chart/table-data.ts";
import { counted, fixed, percent, signed } from "../../ui/format.ts";

export const CLASSES: readonly (readonly [ValidationClass, title: string, about: string])[] = [
  ["calibrated", "Calibrated", "fitted to other runs, or to batches, of the same GPU and model"],
  ["online", "Specifications only, online", "requests come at recorded times or at a constant rate"],
  ["closed", "Specifications only, fixed concurrency", "so many requests in flight, the next one when one ends"],
  ["offline", "Specifications only, one batch", "all requests at once; the time to the last token"],
];

/** Quantities of the chart, and of the columns that have targets. */
export const JUDGED = ["E2E", "TTFT", "TPOT"] as const satisfies readonly Quantity[];
export type Judged = (typeof JUDGED)[number];

export interface ErrorCell {
  readonly text: string;
  /** Target, with the bias: what the cell says when asked. */
  readonly hint: string;
  readonly missed: boolean;
}

export function errorCell({ median, bias, limits }: ValidationSet, quantity: Quantity): ErrorCell {
  const [value, limit] = [median[quantity], limits[quantity]];
  if (value === undefined) return { text: "", hint: "", missed: false };
  const target = limit === undefined ? "not judged" : `at most ${percent(limit, 0)}`;
  return {
    text: percent(value),
    hint: `${quantity}: ${target}; half of the runs are off by more than ${percent(value)}, the median with its sign is ${signed(bias[quantity], (x) => percent(x))}`,
    missed: limit !== undefined && value > limit,
  };
}

/** "10 / 15 / 10 %": E2E, TTFT, TPOT. */
export function targetText({ limits, cause }: ValidationSet): string {
  const parts = JUDGED.map((of) => (limits[of] === undefined ? "–" : fixed(limits[of] * 100)));
  return `${cause === null ? "" : "stated "}${parts.join(" / ")}`;
}

export interface Point {
  readonly run: ValidationRun;
  readonly measured: number;
  readonly predicted: number;
  readonly error: number;
  readonly worst: boolean;
}

/** Runs of a set that have the quantity, by the measured value. */
export const pointsOf = ({ shown, worst }: ValidationSet, quantity: Judged): readonly Point[] =>
  shown
    .flatMap((run, i) => {
      const [measured, error] = [run.measured[quantity], run.errors[quantity]];
      return measured === undefined || error === undefined
        ? []
        : [{ run, measured, predicted: measured * (1 + error), error, worst: i < worst }];
    })
    .toSorted((a, b) => a.measured - b.measured);

export const has = (set: ValidationSet, quantity: Judged): boolean => set.median[quantity] !== undefined;

/** The set in a sentence, for those who do not see the chart. */
export function setText(set: ValidationSet, quantity: Judged): string {
  const cell = errorCell(set, quantity);
  const [worst] = set.shown;
  const far = worst?.errors[quantity];
  return `${set.about}: ${counted(set.runs, "run")}, median error of ${quantity} ${cell.text}${cell.missed ? ", over its target" : ""}${far === undefined ? "" : `; furthest off ${worst!.name}, ${signed(far, (x) => percent(x, 0))}`}.`;
}

const text = (label: string, show: (row: number) => string): TableColumn => ({ label, raw: show, show });
const share = (label: string, of: (row: number) => number | undefined): TableColumn => ({
  label,
  unit: "%",
  raw: (row) => {
    const value = of(row);
    return value === undefined ? null : value * 100;
  },
  show: (row) => {
    const value = of(row);
    return value === undefined ? "" : fixed(value * 100, 1);
  },
});

/** All sets, and what others publish. */
export function setsTable({ sets }: ValidationFigures): TableData {
  const rows = CLASSES.flatMap(([kind, title]) => sets.filter((set) => set.kind === kind).map((set) => ({ title, set })));
  const names = [...rows.map(({ set }) => set.about), ...PUBLISHED.map(({ name }) => name)];
  const at = (row: number): ValidationSet | undefined => rows[row]?.set;
  const other = (row: number): (typeof PUBLISHED)[number] | undefined => PUBLISHED[row - rows.length];
  const published = (row: number, of: Quantity): number | undefined => {
    const value = (other(row)?.errors as Partial<Record<Quantity, number>> | undefined)?.[of];
    return value === undefined ? undefined : value / 100;
  };
  return {
    title: "Errors against measured runs",
    length: names.length,
    columns: [
      text("Class", (row) => rows[row]?.title ?? "published by others"),
      text("Runs of", (row) => names[row]!),
      text("Data", (row) => at(row)?.dataset ?? other(row)?.source ?? ""),
      { label: "Runs", raw: (row) => at(row)?.runs ?? null, show: (row) => String(at(row)?.runs ?? "") },
      ...QUANTITIES.map((of) => share(`${of}, median error`, (row) => at(row)?.median[of] ?? published(row, of))),
      ...JUDGED.map((of) => share(`${of}, target`, (row) => at(row)?.limits[of])),
      text("Fitted", (row) => at(row)?.fitted ?? ""),
      text("Why this target", (row) => at(row)?.cause ?? ""),
    ],
  };
}

/** The runs of a set that are shown. */
export const runsTable = ({ about, shown }: ValidationSet): TableData => ({
  title: `Runs: ${about}`,
  length: shown.length,
  columns: [
    text("Run", (row) => shown[row]!.name),
    ...QUANTITIES.filter((of) => shown.some((run) => run.measured[of] !== undefined)).flatMap((of): TableColumn[] => [
      {
        label: `${of}, measured`,
        unit: of === "throughput" ? "tok/s" : "s",
        raw: (row) => shown[row]!.measured[of] ?? null,
        show: (row) => String(shown[row]!.measured[of] ?? ""),
      },
      share(`${of}, error`, (row) => shown[row]!.errors[of]),
    ]),
  ],
});
