// What is told of one form when its coefficients and the predictions of its held-out rows are there.
import { crossValidationOf, errorsOf } from "./errors.ts";
import type { RobustFit } from "./irls.ts";
import type { FormFit, Measurements } from "./types.ts";

/** A fit with what its intervals and its plots need. */
export interface Fitted {
  readonly fit: FormFit;
  /** Of the terms, by row; of forms of several planes zero where another plane is larger (planes.ts). */
  readonly columns: readonly Float64Array[];
  readonly weights: Float64Array;
  /** 1: the row was used. */
  readonly kept: Uint8Array;
  /** Seconds, by row; `heldOut` from the other folds. */
  readonly predicted: Float64Array;
  readonly heldOut: Float64Array;
}

/** `terms` and `planes` in the order of the robust fit's coefficients. */
export function reported(
  data: Measurements,
  { form, terms, planes }: Pick<FormFit, "form" | "terms" | "planes">,
  columns: readonly Float64Array[],
  { coefficients, weights, kept, scale, state }: RobustFit,
  predicted: Float64Array,
  held: Float64Array,
): Fitted {
  const { t } = data;
  const rows = Array.from(t.keys());
  const setAside = rows.filter((i) => kept[i] === 0);
  let stalled = 0;
  for (const i of setAside) stalled += Math.max(0, t[i]! - predicted[i]!);
  const fit: FormFit = {
    form,
    terms,
    coefficients: Array.from(coefficients),
    ...(planes === undefined ? {} : { planes }),
    scale,
    state,
    setAside,
    stallShare: stalled / t.reduce((sum, x) => sum + x, 0),
    train: errorsOf(
      t,
      predicted,
      rows.filter((i) => kept[i] === 1),
    ),
    cv: crossValidationOf(data, held, kept),
  };
  return { fit, columns, weights, kept, predicted, heldOut: held };
}
