// What the suite finds, kept as data beside the lines that it prints: for the Validation screen.
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { QUANTITIES } from "../src/analysis/validation.ts";
import type { ByQuantity, Quantity, ValidationClass, ValidationFigures, ValidationRun, ValidationSet } from "../src/analysis/validation.ts";
import { errorsOf, judge, median, worstFirst } from "./measured-score.ts";
import type { Limits, RunErrors } from "./measured-score.ts";
import type { Note, Report } from "./suite.ts";

/** Runs of a set that the screen shows, and how many of them are the worst. */
const SHOWN = 60;
const WORST = 5;

export interface SetFacts {
  readonly kind: ValidationClass;
  readonly dataset: string;
  readonly about: string;
  readonly fitted?: string;
  readonly why?: string;
}

const digits = (value: number, count: number): number => Number(value.toPrecision(count));
const rounded = (values: ByQuantity, round: (value: number) => number): ByQuantity =>
  Object.fromEntries(QUANTITIES.flatMap((of) => (values[of] === undefined ? [] : [[of, round(values[of])]])));

const kept = ({ name, measured, errors, setup }: RunErrors): ValidationRun => ({
  name,
  measured: rounded(measured, (value) => digits(value, 4)),
  errors: rounded(errors, (value) => Number(value.toFixed(4))),
  ...(setup === undefined ? {} : { setup }),
});

/** Reports cases and notes, and keeps the sets that were judged. */
export class Book {
  readonly note: Note;
  readonly sets: ValidationSet[] = [];
  readonly leftOut: ValidationFigures["leftOut"][number][] = [];
  private readonly report: Report;

  constructor(report: Report, note: Note) {
    this.report = report;
    this.note = note;
  }

  judge(id: string, runs: readonly RunErrors[], limits: Limits, { fitted, why, ...facts }: SetFacts): void {
    judge(id, runs, limits, this.report);
    const sorted = worstFirst(runs);
    const rest = sorted.slice(WORST);
    const room = SHOWN - WORST;
    const some = rest.length <= room ? rest : Array.from({ length: room }, (_, i) => rest[Math.floor((i * rest.length) / room)]!);
    const by = (figure: (errors: readonly number[]) => number): ByQuantity =>
      Object.fromEntries(
        QUANTITIES.flatMap((of: Quantity) => {
          const errors = errorsOf(runs, of);
          return errors.length === 0 ? [] : [[of, Number(figure(errors).toFixed(4))]];
        }),
      );
    const set: ValidationSet = {
      id,
      ...facts,
      runs: runs.length,
      median: by((errors) => median(errors.map(Math.abs))),
      bias: by(median),
      limits: limits.most,
      cause: limits.cause ?? null,
      fitted: fitted ?? null,
      why: why ?? null,
      worst: Math.min(WORST, runs.length),
      shown: [...sorted.slice(0, WORST), ...some].map(kept),
    };
    // Two limits on the same runs are one set.
    const before = this.sets.findIndex(
      (other) => other.about === facts.about && other.dataset === facts.dataset && other.kind === facts.kind,
    );
    if (before < 0) this.sets.push(set);
    else this.sets[before] = { ...set, limits: { ...this.sets[before]!.limits, ...limits.most } };
  }
}

/** SHA-256 of every table of the folder, by path. */
export function filesOf(folder: string, under = ""): Readonly<Record<string, string>> {
  return Object.fromEntries(
    readdirSync(join(folder, under))
      .toSorted()
      .flatMap((name) => {
        const path = under === "" ? name : `${under}/${name}`;
        if (statSync(join(folder, path)).isDirectory()) return Object.entries(filesOf(folder, path));
        if (!/\.(csv|csv\.gz|json)$/.test(name)) return [];
        return [
          [
            path,
            createHash("sha256")
              .update(readFileSync(join(folder, path)))
              .digest("hex"),
          ],
        ];
      }),
  );
}
