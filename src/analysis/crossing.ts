// Where a quantity that falls as x grows crosses a level, when every look at it costs runs and gives an interval: by bisection, x by ratio.
import type { Asked } from "./types.ts";

/** The quantity at x: mean over replications, and its interval. */
export interface Look {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

export interface CrossingOptions {
  /** Where to begin, and the limits of x; all above 0. */
  readonly start: number;
  readonly least: number;
  readonly most: number;
  readonly level: number;
  /** Ratio of two x, less 1, at which the search ends. */
  readonly tolerance: number;
}

export interface Crossing<L extends Look> {
  /** Of what was looked at, ascending by x. */
  readonly looks: readonly (readonly [x: number, look: L])[];
  /** The largest x found at which the mean keeps the level; null where none does. And one above at which it does not; null up to the limit. */
  readonly kept: number | null;
  readonly missed: number | null;
  /** The largest x found at which the whole interval keeps the level, and the smallest at which none of it does; null where there is none within the limits. */
  readonly surelyKept: number | null;
  readonly surelyMissed: number | null;
}

const middle = (a: number, b: number): number => Math.sqrt(a * b);

/** Chance makes the quantity uneven where it crosses: so many steps above the crossing are looked at too, each of this ratio. */
const SCANNED = 4;
const SCAN_STEP = 1.0125;

/** First steps away from the crossing of the mean, by which the ends of the interval are looked for. */
const FIRST_STEP = 0.01;

export async function findCrossing<L extends Look>(
  lookAt: (x: number) => Promise<L>,
  { start, least, most, level, tolerance }: CrossingOptions,
  { signal, progress }: Asked<Pick<Crossing<L>, "looks" | "kept" | "missed">> = {},
): Promise<Crossing<L>> {
  const seen = new Map<number, L>();
  let kept: number | null = null;
  let missed: number | null = null;
  const looks = (): (readonly [number, L])[] => [...seen].sort((a, b) => a[0] - b[0]);
  const look = async (x: number): Promise<L> => {
    signal?.throwIfAborted();
    const found = seen.get(x) ?? (await lookAt(x));
    signal?.throwIfAborted();
    seen.set(x, found);
    if (found.mean >= level) kept = kept === null ? x : Math.max(kept, x);
    else missed = missed === null ? x : Math.min(missed, x);
    progress?.({ looks: looks(), kept, missed });
    return found;
  };
  /** Bisects between an x that holds and one that does not; answers both ends. */
  const narrow = async (holds: (found: L) => boolean, yes: number, no: number): Promise<readonly [number, number]> => {
    let [inside, outside] = [yes, no];
    while (Math.max(inside / outside, outside / inside) > 1 + tolerance) {
      const x = middle(inside, outside);
      if (holds(await look(x))) inside = x;
      else outside = x;
    }
    return [inside, outside];
  };
  const keeps = (found: L): boolean => found.mean >= level;
  let [low, high]: [number | null, number | null] = [null, null];
  for (let x = start; ; x = keeps(seen.get(x)!) ? Math.min(most, 2 * x) : Math.max(least, x / 2)) {
    if (keeps(await look(x))) low = x;
    else high = x;
    if ((low !== null && high !== null) || (low === most && high === null) || (high === least && low === null)) break;
  }
  const largestKept = (): number => Math.max(...looks().flatMap(([x, found]) => (keeps(found) ? [x] : [])));
  /** Looks beyond the first crossing may find a later one: the largest x counts. */
  const toTheLast = async (): Promise<void> => {
    while (low !== null && high !== null && largestKept() > low) {
      const last = largestKept();
      const above = looks().find(([x, found]) => x > last && !keeps(found));
      [low, high] = above === undefined ? [last, null] : await narrow(keeps, last, above[0]);
    }
  };
  if (low !== null && high !== null) {
    [low, high] = await narrow(keeps, low, high);
    for (let i = 0, x: number = low * SCAN_STEP; i < SCANNED && x < most; i++, x *= SCAN_STEP) await look(x);
    await toTheLast();
  }
  const surely = { kept: (found: L): boolean => found.low >= level, missed: (found: L): boolean => found.high < level };

  /** From the crossing on, steps that double until `holds`, then back to where it begins to. */
  const edge = async (holds: (found: L) => boolean, from: number | null, direction: 1 | -1): Promise<number | null> => {
    if (from === null) return null;
    const beyond = looks().filter(([x, found]) => (x - from) * direction >= 0 && holds(found));
    let yes = direction > 0 ? beyond[0]?.[0] : beyond.at(-1)?.[0];
    for (let step = FIRST_STEP, x = from; yes === undefined; step *= 2) {
      const next: number = direction > 0 ? Math.min(most, x * (1 + step)) : Math.max(least, x / (1 + step));
      if (holds(await look(next))) yes = next;
      else if (next === x) return null;
      x = next;
    }
    const between = looks().filter(([x, found]) => (yes - x) * direction > 0 && (x - from) * direction >= 0 && !holds(found));
    const no = direction > 0 ? between.at(-1)?.[0] : between[0]?.[0];
    return no === undefined ? yes : (await narrow(holds, yes, no))[0];
  };
  const surelyKept = await edge(surely.kept, low, -1);
  const surelyMissed = await edge(surely.missed, high, 1);
  await toTheLast();
  return { looks: looks(), kept: low, missed: high, surelyKept, surelyMissed };
}
