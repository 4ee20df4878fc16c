// One batch that a person thinks of: its time by the form on the page, how sure that is, and whether such batches were measured. Pure.
import { leverageAt } from "../../../latency/fit/lever.ts";
import { regionOf } from "../../../latency/fit/measurements.ts";
import { formColumns } from "../../../latency/fit/planes.ts";
import { QUANTITIES, REGIONS } from "../../../latency/fit/types.ts";
import type { Measurements, Quantities, Region } from "../../../latency/fit/types.ts";
import type { FittedForm } from "../../../latency/fit/session-types.ts";
import type { Intervals } from "../../state/fit-store.ts";
import { integer } from "../../ui/format.ts";

/** Prompts are alike; `past`: tokens of each in the cache already; `context`: tokens of each decode. */
export interface Batch {
  readonly prompts: number;
  readonly tokens: number;
  readonly past: number;
  readonly decodes: number;
  readonly context: number;
}

export interface BatchTime {
  readonly region: Region;
  readonly ms: number;
  /** 95 % of the replicates; null without any. */
  readonly interval: readonly [number, number] | null;
  /** Between which nine of ten such iterations lie. */
  readonly band: readonly [number, number];
  /** What of it was not measured, one phrase each; none: it is inside. */
  readonly outside: readonly string[];
}

/** A quantity may leave its range by so much. */
const SLACK = 0.05;

const NAMES: Readonly<Record<(typeof QUANTITIES)[number] | "T", string>> = {
  P: "prompt tokens",
  N: "prompts",
  D: "decodes",
  C: "context tokens of decodes",
  K: "context tokens of prompts",
  W: "prefill work",
  T: "new tokens",
};

export function quantitiesOf({ prompts, tokens, past, decodes, context }: Batch): Quantities {
  const one = (value: number): Float64Array => Float64Array.of(value);
  const computed = prompts === 0 ? 0 : tokens;
  return {
    P: one(prompts * computed),
    N: one(prompts),
    D: one(decodes),
    C: one(decodes * context),
    K: one(prompts * past),
    W: one(prompts * computed * (past + computed / 2)),
  };
}

type Name = keyof typeof NAMES;
type Ranges = Readonly<Record<Name, readonly [least: number, most: number]>>;

const [DECODE, PREFILL, MIXED] = [REGIONS.indexOf("decode"), REGIONS.indexOf("prefill"), REGIONS.indexOf("mixed")];
const ALL = [...QUANTITIES, "T"] as const;
const valueOf = (of: Quantities, name: Name, row: number): number => (name === "T" ? of.P[row]! + of.D[row]! : of[name][row]!);

/** What was measured, by region. Column by column, which is quick for many rows the first time, too. */
export function rangesOf({ rows, P, N, D, C, K, W }: Measurements): Partial<Record<Region, Ranges>> {
  const region = new Uint8Array(rows);
  const T = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    region[row] = P[row] === 0 ? DECODE : D[row] === 0 ? PREFILL : MIXED;
    T[row] = P[row]! + D[row]!;
  }
  const columns = { P, N, D, C, K, W, T };
  const found = ALL.map((name) => {
    const column = columns[name];
    const least = new Float64Array(REGIONS.length).fill(Infinity);
    const most = new Float64Array(REGIONS.length);
    for (let row = 0; row < rows; row++) {
      const place = region[row]!;
      const value = column[row]!;
      if (value < least[place]!) least[place] = value;
      if (value > most[place]!) most[place] = value;
    }
    return { name, least, most };
  });
  return Object.fromEntries(
    REGIONS.flatMap((of, place) =>
      region.includes(place) ? [[of, Object.fromEntries(found.map(({ name, least, most }) => [name, [least[place]!, most[place]!]]))]] : [],
    ),
  );
}

function outsideOf(quantities: Quantities, ranges: Ranges | undefined): string[] {
  if (ranges === undefined) return ["no batch of this kind was measured"];
  return ALL.flatMap((name) => {
    const value = valueOf(quantities, name, 0);
    const [least, most] = ranges[name];
    if (value > (1 + SLACK) * most) return [`${integer(value)} ${NAMES[name]}, measured up to ${integer(most)}`];
    return value < (1 - SLACK) * least ? [`${integer(value)} ${NAMES[name]}, measured from ${integer(least)} on`] : [];
  });
}

/** Null: there is nothing in the batch. `ranges`: of what was measured. */
export function timeOfBatch(
  batch: Batch,
  ranges: ReturnType<typeof rangesOf>,
  fitted: FittedForm,
  intervals: Intervals | undefined,
): BatchTime | null {
  const quantities = quantitiesOf(batch);
  if (quantities.P[0] === 0 && quantities.D[0] === 0) return null;
  const region = regionOf(quantities, 0);
  const columns = formColumns(fitted, quantities);
  const at = (weights: ArrayLike<number>, from: number): number =>
    1000 * columns.reduce((sum, column, j) => sum + weights[from + j]! * column[0]!, 0);
  const ms = at(fitted.coefficients, 0);
  const { replicates = 0, coefficients = [] } = intervals?.bootstrap ?? {};
  const sorted = Float64Array.from({ length: replicates }, (_, b) => at(coefficients, b * columns.length)).sort();
  const end = (share: number): number => sorted[Math.round(share * (replicates - 1))]!;
  const [low, high] = fitted.cv.regions[region]?.band ?? fitted.cv.band;
  const outside = outsideOf(quantities, ranges[region]);
  const apart = leverageAt(fitted.lever, (term) => columns[term]![0]!) > fitted.leverageLimit;
  return {
    region,
    ms,
    interval: replicates === 0 ? null : [end(0.025), end(0.975)],
    band: [ms * Math.exp(low), ms * Math.exp(high)],
    outside: outside.length === 0 && apart ? ["each quantity was measured, but not together"] : outside,
  };
}
