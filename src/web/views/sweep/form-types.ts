// What a sweep varies, as a person sets it: part of the view, so that links carry it.
import type { Constraint } from "../../../analysis/experiment.ts";

/** Numbers between two ends: `count` of them on a grid, any of them where settings are drawn. */
export interface RangeForm {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly scale: "linear" | "log";
}

export interface AxisForm {
  /** As --vary takes it. */
  readonly path: string;
  /** As typed: "1,2,3", "2..8". Not looked at where there is a range. */
  readonly values: string;
  readonly range?: RangeForm;
}

export type Design = "grid" | "random" | "latin-hypercube";

export interface SweepForm {
  /** Scenario for which it was set: another one has proposals of its own. */
  readonly name: string;
  readonly axes: readonly AxisForm[];
  readonly design: Design;
  /** Settings that are drawn, where the design is not the grid. */
  readonly settings: number;
  readonly seeds: number;
  /** Ids of src/analysis/metrics.ts. */
  readonly x: string;
  readonly y: string;
  /** Null: as far as the settings reach. */
  readonly reference: readonly [x: number | null, y: number | null];
  readonly constraints: readonly Constraint[];
  /** Settings that another one beats for certain get no further seeds. */
  readonly stop?: boolean;
  /** A front for each value of this axis; null: one front; undefined: as suits the axes. */
  readonly split?: string | null;
}

export const DESIGNS: readonly Design[] = ["grid", "random", "latin-hypercube"];
export const MOST_AXES = 8;
export const MOST_SEEDS = 30;
export const MOST_DRAWN = 1000;
