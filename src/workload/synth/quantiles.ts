// Draws from a quantile table: values at given probabilities, interpolated between them. One draw costs about one table look-up.
import { exp, ln } from "../../engine/kernel/math.ts";

export interface QuantileTable {
  /** Ascending. */
  readonly p: Float64Array;
  readonly value: Float64Array;
  /** Logarithms of the values for interpolation on a log scale; null for straight lines. */
  readonly logs: Float64Array | null;
  /** Beyond p = tailFrom, the position t in a segment is bent to t^tailPower (1 = not bent), so that the mean of the table is met. */
  readonly tailFrom: number;
  readonly tailPower: number;
  /** For u in [g / GUIDE, (g + 1) / GUIDE): the segment to start looking at. */
  readonly guide: Uint16Array;
}

const GUIDE = 256;

export function quantileTable(p: readonly number[], value: readonly number[], scale: "linear" | "log" = "linear"): QuantileTable {
  const rows = p.map((probability, i) => [probability, value[i] ?? 0] as const).sort((a, b) => a[0] - b[0]);
  const ps = Float64Array.from(rows, (row) => row[0]);
  const guide = new Uint16Array(GUIDE + 1);
  for (let g = 0; g <= GUIDE; g++) {
    let i = 0;
    while (i < ps.length - 2 && ps[i + 1]! <= g / GUIDE) i++;
    guide[g] = i;
  }
  const values = Float64Array.from(rows, (row) => row[1]);
  return {
    p: ps,
    value: values,
    logs: scale === "log" ? values.map((x) => ln(Math.max(x, 1e-9))) : null,
    tailFrom: 1,
    tailPower: 1,
    guide,
  };
}

/** Value at probability u. */
export function quantileAt(table: QuantileTable, u: number): number {
  const { p, value, logs } = table;
  const last = p.length - 1;
  if (u <= p[0]!) return value[0]!;
  if (u >= p[last]!) return value[last]!;
  let i = table.guide[Math.floor(u * GUIDE)]!;
  while (p[i + 1]! < u) i++;
  let t = (u - p[i]!) / (p[i + 1]! - p[i]!);
  if (table.tailPower !== 1 && p[i]! >= table.tailFrom) t = exp(table.tailPower * ln(t));
  if (logs === null) return value[i]! + t * (value[i + 1]! - value[i]!);
  return exp(logs[i]! + t * (logs[i + 1]! - logs[i]!));
}

/** Mean of the table's distribution, by the midpoint rule with 64 points per segment. */
export function quantileMean(table: QuantileTable): number {
  const { p, value } = table;
  const last = p.length - 1;
  let sum = p[0]! * value[0]! + (1 - p[last]!) * value[last]!;
  for (let i = 0; i < last; i++) {
    const width = p[i + 1]! - p[i]!;
    if (width <= 0) continue;
    let inside = 0;
    for (let k = 0; k < 64; k++) inside += quantileAt(table, p[i]! + (width * (k + 0.5)) / 64);
    sum += (width * inside) / 64;
  }
  return sum;
}

/**
 * The table on a log scale with its last 5 % bent so that the mean is `mean`: for published quantiles whose largest value is a lone
 * extreme, where no plain interpolation meets the published mean. The values at the given probabilities stay.
 */
export function withMean(p: readonly number[], value: readonly number[], mean: number): QuantileTable {
  const plain = quantileTable(p, value, "log");
  let low = 0.02;
  let high = 200;
  for (let step = 0; step < 60; step++) {
    const power = Math.sqrt(low * high);
    if (quantileMean({ ...plain, tailFrom: 0.95, tailPower: power }) > mean) low = power;
    else high = power;
  }
  return { ...plain, tailFrom: 0.95, tailPower: Math.sqrt(low * high) };
}
