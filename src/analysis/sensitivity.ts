// Which parameter moves which quantity: the share of a quantity's variance over the settings that a parameter explains by itself.

export interface Effect {
  /**
   * Correlation ratio: variance of the group means over all variance, 0..1 (the first-order index of Saltelli et al. 2008 where the settings are a full grid or drawn
   * independently). Null where the quantity does not vary, or the parameter has one value.
   */
  readonly share: number | null;
  /** Means of the quantity in the groups, in the order of the values. */
  readonly groups: readonly EffectGroup[];
}

export interface EffectGroup {
  readonly label: string;
  /** Middle of the group where values are numbers, else its position. */
  readonly at: number;
  readonly count: number;
  readonly mean: number;
  /** Standard error of the mean; null with one setting. */
  readonly error: number | null;
}

/** Drawn values are put into this many groups of equal size. */
const BINS = 6;
/** Up to this many different values each is a group. */
const MOST_VALUES = 12;

interface Row {
  readonly value: string;
  readonly y: number;
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const squares = (values: readonly number[], about: number): number => values.reduce((sum, value) => sum + (value - about) ** 2, 0);

function grouped(rows: readonly Row[]): (readonly Row[])[] {
  const values = [...new Set(rows.map(({ value }) => value))];
  const numeric = values.every((value) => value.trim() !== "" && Number.isFinite(Number(value)));
  if (numeric) values.sort((a, b) => Number(a) - Number(b));
  if (!numeric || values.length <= MOST_VALUES) return values.map((value) => rows.filter((row) => row.value === value));
  const sorted = [...rows].sort((a, b) => Number(a.value) - Number(b.value));
  return Array.from({ length: BINS }, (_, i) =>
    sorted.slice(Math.floor((i * sorted.length) / BINS), Math.floor(((i + 1) * sorted.length) / BINS)),
  ).filter((bin) => bin.length > 0);
}

/** `values[i]` is the parameter of setting i, `ys[i]` the quantity; null where the setting has none. */
export function effectOf(values: readonly string[], ys: readonly (number | null)[]): Effect {
  const rows = values.flatMap((value, i): Row[] => {
    const y = ys[i];
    return y === null || y === undefined ? [] : [{ value, y }];
  });
  if (rows.length === 0) return { share: null, groups: [] };
  const all = mean(rows.map(({ y }) => y));
  const total = squares(
    rows.map(({ y }) => y),
    all,
  );
  const groups = grouped(rows).map((own, position): EffectGroup => {
    const of = own.map(({ y }) => y);
    const middle = mean(of);
    const at = mean(own.map(({ value }) => Number(value)));
    const [first, last] = [own[0]!.value, own.at(-1)!.value];
    return {
      label: first === last || own.every(({ value }) => value === first) ? first : `${first} to ${last}`,
      at: Number.isFinite(at) ? at : position,
      count: own.length,
      mean: middle,
      error: own.length > 1 ? Math.sqrt(squares(of, middle) / (own.length - 1) / own.length) : null,
    };
  });
  const between = groups.reduce((sum, group) => sum + group.count * (group.mean - all) ** 2, 0);
  return { share: groups.length > 1 && total > 0 ? Math.min(1, between / total) : null, groups };
}
