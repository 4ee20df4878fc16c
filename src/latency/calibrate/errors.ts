// Median sizes of errors over runs.
import { medianOf } from "../fit/quantile.ts";
import { CLIENT_MEANS } from "./types.ts";
import type { CalibratedRun, MedianErrors } from "./types.ts";

/** Of |predicted / measured - 1|, by quantity. */
export const medianErrors = (runs: readonly CalibratedRun[], which: "before" | "after" | "heldOut"): MedianErrors =>
  Object.fromEntries(
    CLIENT_MEANS.map((of) => {
      const sizes = runs.flatMap((run) => {
        const [measured, predicted] = [run.measured[of], run[which][of]];
        return measured === null || predicted === null ? [] : [Math.abs(predicted / measured - 1)];
      });
      return [of, sizes.length === 0 ? null : medianOf(sizes)];
    }),
  ) as MedianErrors;
