// A preset: a scenario worth opening and the one thing to look at.
import { complete } from "../complete.ts";
import type { ScenarioDraft } from "../complete.ts";
import type { Scenario } from "../types.ts";

/** What to vary in an experiment on this scenario, and what others have published about it. */
export interface PresetSweep {
  /** Path and values as `goodput sweep --vary` takes them. */
  readonly path: string;
  readonly values: string;
  readonly seeds: number;
  /** Ids of src/analysis/metrics.ts. */
  readonly x: string;
  readonly y: string;
  /** Values of x and y up to which the hypervolume counts. */
  readonly reference: readonly [x: number, y: number];
  readonly published: {
    /** Where the points stand. */
    readonly source: string;
    readonly points: readonly { readonly label: string; readonly x: number; readonly y: number }[];
  };
}

export interface Preset {
  /** Never changes once released: command lines and lessons name it. */
  readonly id: string;
  /** One sentence: what to look at. */
  readonly lesson: string;
  readonly scenario: Scenario;
  readonly sweep?: PresetSweep;
}

export const preset = (id: string, lesson: string, draft: ScenarioDraft, sweep?: PresetSweep): Preset => ({
  id,
  lesson,
  scenario: complete(draft),
  ...(sweep === undefined ? {} : { sweep }),
});
