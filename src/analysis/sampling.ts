// Settings drawn from axes instead of listed: at random, or as a Latin hypercube. One named stream per axis, so that a further axis moves no other.
import { exp, ln } from "../engine/kernel/math.ts";
import { randomStream } from "../engine/kernel/random.ts";
import type { Random } from "../engine/kernel/random.ts";
import type { Axis, AxisRange, Sampling } from "./experiment.ts";

/** The value of a range at u in [0, 1): six digits, so that it is what a person would type. */
function inRange({ from, to, scale, whole }: AxisRange, u: number): string {
  const [low, high] = whole ? [from - 0.5, to + 0.5] : [from, to];
  const value = scale === "log" ? exp(ln(low) + u * (ln(high) - ln(low))) : low + u * (high - low);
  const kept = whole ? Math.min(to, Math.max(from, Math.round(value))) : Number(value.toPrecision(6));
  return String(kept);
}

/** `count` numbers in [0, 1): one in each of as many equal parts, in random order. */
function stratified(count: number, random: Random): number[] {
  const order = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order.map((part) => (part + random.uniform()) / count);
}

/** Rows of values, one per axis; rows that are there already are left out. */
export function sampledRows(axes: readonly Axis[], sampling: Exclude<Sampling, { kind: "grid" }>): string[][] {
  const { kind, settings, seed } = sampling;
  const columns = axes.map(({ path, values, range }) => {
    const random = randomStream(seed, `sampling/${path}`);
    const shares = kind === "random" ? Array.from({ length: settings }, () => random.uniform()) : stratified(settings, random);
    return shares.map((u) => (range === undefined ? values[Math.floor(u * values.length)]! : inRange(range, u)));
  });
  const seen = new Set<string>();
  return Array.from({ length: settings }, (_, i) => columns.map((column) => column[i]!)).filter((row) => {
    const key = JSON.stringify(row);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
