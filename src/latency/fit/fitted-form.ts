// One fit as the page draws it: columns over all rows that were read, errors by region and size, and how far each row is from the others.
import { unitSlips } from "./bad-data.ts";
import { errorsOf } from "./errors.ts";
import type { Form } from "./fit.ts";
import type { Fitted } from "./report.ts";
import { predict } from "./irls.ts";
import { leverOf, leverages } from "./leverage.ts";
import { regionOf } from "./measurements.ts";
import type { FittedForm, RegionErrors } from "./session-types.ts";
import { formColumns } from "./planes.ts";
import { REGIONS } from "./types.ts";
import type { Measurements } from "./types.ts";

const THIRDS = [0, 1, 2] as const;

/** Errors by region and third of the new tokens, over rows that the fit did not set aside. */
function errorsByRegion(data: Measurements, { kept, heldOut }: Fitted): RegionErrors[] {
  const tokens = Float64Array.from(data.t, (_, i) => data.P[i]! + data.D[i]!);
  const order = Array.from(tokens.keys()).sort((a, b) => tokens[a]! - tokens[b]! || a - b);
  const third = new Uint8Array(data.rows);
  order.forEach((row, rank) => (third[row] = Math.floor((3 * rank) / data.rows)));
  return REGIONS.flatMap((region) =>
    THIRDS.flatMap((part): RegionErrors[] => {
      const rows = order.filter((i) => third[i] === part && kept[i] === 1 && regionOf(data, i) === region);
      if (rows.length === 0) return [];
      const range = [tokens[rows[0]!]!, tokens[rows.at(-1)!]!] as const;
      return [{ region, third: part, tokens: range, errors: errorsOf(data.t, heldOut, rows) }];
    }),
  );
}

/** `used`: the rows of `all` that `data`, which was fitted, consists of. */
export function fittedForm(form: Form, fitted: Fitted, data: Measurements, all: Measurements, used: readonly number[]): FittedForm {
  const { bootstrap: _none, ...fit } = fitted.fit;
  const columns = formColumns(fit, all);
  const predicted = Float64Array.from(all.t, (_, i) => predict(columns, fit.coefficients, i));
  const heldOut = new Float64Array(all.rows).fill(NaN);
  used.forEach((row, i) => (heldOut[row] = fitted.heldOut[i]!));
  const lever = leverOf(fitted.columns, fitted.weights, fitted.kept);
  const ownLeverage = leverages(lever, fitted.columns);
  const leverage = leverages(lever, columns);
  return {
    ...fit,
    form,
    setAside: fit.setAside.map((i) => used[i]!),
    predicted,
    heldOut,
    lever,
    leverage,
    leverageLimit: 2 * ownLeverage.reduce((most, x, i) => (fitted.kept[i] === 1 ? Math.max(most, x) : most), 0),
    byRegion: errorsByRegion(data, fitted),
    slips: unitSlips(all, predicted),
  };
}
