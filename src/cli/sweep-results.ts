// Rows of a sweep -> what its files and its table say.
import type { ExperimentResults } from "../analysis/experiment-files.ts";
import type { PlanRows } from "../analysis/sweep-rows.ts";
import type { SweepSpec } from "../analysis/types.ts";
import type { PresetSweep } from "../scenario/presets/preset.ts";

export const resultsOf = (
  { objectives, constraints, metrics }: SweepSpec,
  rows: PlanRows,
  published: PresetSweep | null,
): ExperimentResults => ({
  plan: rows.plan,
  runs: rows.done,
  failed: rows.failed,
  objectives,
  published,
  constraints,
  ...(metrics === null ? {} : { shown: metrics }),
});
