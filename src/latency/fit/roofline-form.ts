// The form `roofline`: a batch takes the time of the largest of two or three planes. How many, the held-out error says; planes are searched again for
// every fold.
import { foldTrains } from "./errors.ts";
import { largestSums, polish, settle } from "./roofline-polish.ts";
import { searchPlanes, searchTable } from "./roofline-search.ts";
import type { FoundPlanes, SearchTable } from "./roofline-search.ts";
import { formColumns } from "./planes.ts";
import { reported } from "./report.ts";
import type { Fitted } from "./report.ts";
import { columnOf } from "./terms.ts";
import { told } from "./told.ts";
import type { Steps } from "./told.ts";
import type { FitProgress, Measurements } from "./types.ts";

const TERMS = ["1", "P", "D", "C", "W", "K", "N", "pre"];
const PLANES = [2, 3] as const;
/** More planes have to lower the held-out error by this factor. */
const WORTH_A_PLANE = 0.98;
/** Starts of each search: nearly always enough for the best planes. */
export const STARTS = 64;

/** One search: of all rows (the last), or of those outside of a fold. */
export interface Search {
  readonly planes: number;
  readonly table: SearchTable;
  readonly among: Uint8Array;
}

const termsOf = (data: Measurements): { readonly names: string[]; readonly columns: Float64Array[] } => {
  const all = TERMS.map((name) => ({ name, column: columnOf(name, data) })).filter(({ column }) => column.some((x) => x > 0));
  return { names: all.map(({ name }) => name), columns: all.map(({ column }) => column) };
};

/** The searches that a fit needs. None: sums over the iterations of a run, or totals of unknown parts, do not tell enough for planes. */
export function searchesOf(data: Measurements): Search[] {
  if (data.runs !== undefined || data.totals) return [];
  const { columns } = termsOf(data);
  const sets = [...foldTrains(data), new Uint8Array(data.rows).fill(1)];
  return PLANES.flatMap((planes) => sets.map((among) => ({ planes, among, table: searchTable(columns, data.t, among) })));
}

/** `found`: what the searches led to, in their order, where they were done elsewhere. Null: the measurements do not tell enough for the form. */
export function* rooflineFitted(data: Measurements, starts: number, found?: readonly (readonly FoundPlanes[])[]): Steps<Fitted | null> {
  const searches = searchesOf(data);
  if (searches.length === 0) return null;
  const { names, columns } = termsOf(data);
  const tried: Fitted[] = [];
  for (const planes of PLANES) {
    const held = new Float64Array(data.rows);
    for (const [i, { planes: of, table, among }] of searches.entries()) {
      if (of !== planes) continue;
      const progress: FitProgress = { phase: "planes", text: `roofline of ${planes} planes`, done: i, total: searches.length };
      const begun = found?.[i] ?? (yield* told(searchPlanes(table, planes, starts), progress));
      const best = yield* told(polish(table, planes, begun), progress);
      const robust = yield* told(settle(table, best, columns, data.t, among), progress);
      const sums = largestSums(
        robust.terms.map((j) => columns[j]!),
        robust.coefficients,
        robust.planes,
      );
      const predicted = sums.map((sum, row) => Math.max(sum, data.t[row]! / 1000));
      const all = among.every((use) => use === 1);
      if (!all) for (let row = 0; row < data.rows; row++) held[row] = among[row] === 0 ? predicted[row]! : held[row]!;
      else {
        const fit = { form: "roofline", terms: robust.terms.map((j) => names[j]!), planes: robust.planes };
        const masked = formColumns({ ...fit, coefficients: Array.from(robust.coefficients) }, data);
        tried.push(reported(data, fit, masked, robust, predicted, held));
      }
    }
  }
  return tried.reduce((a, b) => (b.fit.cv.rmsLogPct < WORTH_A_PLANE * a.fit.cv.rmsLogPct ? b : a));
}
