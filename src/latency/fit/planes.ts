// Forms of several planes: the time is the largest of a few sums of terms. A row's columns are those of its largest plane, all others are zero, so
// that what holds for one sum (predictions, intervals, residuals, leverage) holds for these as well.
import { columnOf } from "./terms.ts";
import type { FormFit, Measurements, Quantities } from "./types.ts";

/** The largest plane of each row; of equal ones the first. `planes`: place of each term's plane, from 0. */
export function largestPlanes(columns: readonly Float64Array[], coefficients: ArrayLike<number>, planes: readonly number[]): Uint8Array {
  const rows = columns[0]?.length ?? 0;
  const count = Math.max(0, ...planes) + 1;
  const sums = new Float64Array(count);
  const largest = new Uint8Array(rows);
  for (let row = 0; row < rows; row++) {
    sums.fill(0);
    columns.forEach((column, j) => (sums[planes[j]!]! += coefficients[j]! * column[row]!));
    for (let plane = 1; plane < count; plane++) if (sums[plane]! > sums[largest[row]!]!) largest[row] = plane;
  }
  return largest;
}

/** The columns with zeros in the rows of other planes. */
export const maskedColumns = (columns: readonly Float64Array[], planes: readonly number[], plane: Uint8Array): Float64Array[] =>
  columns.map((column, j) => column.map((x, row) => (plane[row] === planes[j] ? x : 0)));

/** Columns of a form's terms: their sum, each times its coefficient, is the prediction, whatever the form. */
export function formColumns(
  { terms, coefficients, planes }: Pick<FormFit, "terms" | "coefficients" | "planes">,
  data: Quantities & Pick<Measurements, "runs">,
): Float64Array[] {
  const columns = terms.map((term) => columnOf(term, data));
  return planes === undefined ? columns : maskedColumns(columns, planes, largestPlanes(columns, coefficients, planes));
}
