// When a tenant had requests in a queue, and how far the service of two tenants drifted apart while both had: what the theorems of fair queueing speak of.
import { Status } from "../contracts.ts";
import type { RequestLog } from "./results.ts";
import type { Curve } from "./service-curve.ts";
import { countUpTo, rowsOf, valueAt, valueFrom } from "./service-curve.ts";
import { sortedBy } from "./sorted-rows.ts";

/** Stretches of time, ascending and apart: [from, to] in pairs, seconds. */
export type Stretches = readonly number[];

/** By tenant: when at least one request waited to come in. Refused ones did not wait. */
export function backlogs(log: RequestLog, tenants: number): Stretches[] {
  const { arrivedAt, scheduledAt, finishedAt, status } = log;
  const endOf = (row: number): number => (Number.isNaN(scheduledAt[row]!) ? finishedAt[row]! : scheduledAt[row]!);
  return rowsOf(log, tenants, (row) => status[row] !== Status.refused && endOf(row) > arrivedAt[row]!).map((rows) => {
    const joined: number[] = [];
    for (const row of sortedBy(rows, arrivedAt)) {
      const from = arrivedAt[row]!;
      const last = joined.length - 1;
      if (last > 0 && from <= joined[last]!) joined[last] = Math.max(endOf(row), joined[last]!);
      else joined.push(from, endOf(row));
    }
    return joined;
  });
}

/** Stretches that lie in both. */
export function both(a: Stretches, b: Stretches): number[] {
  const found: number[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const from = Math.max(a[i]!, b[j]!);
    const to = Math.min(a[i + 1]!, b[j + 1]!);
    if (to > from) found.push(from, to);
    if (a[i + 1]! < b[j + 1]!) i += 2;
    else j += 2;
  }
  return found;
}

/** The largest change of the difference of two curves within any stretch: over all intervals inside it, the most by which one gained on the other. */
export function largestDrift(f: Curve, g: Curve, stretches: Stretches): number {
  let worst = 0;
  for (let i = 0; i < stretches.length; i += 2) {
    const from = stretches[i]!;
    const to = stretches[i + 1]!;
    let least = Infinity;
    let most = -Infinity;
    const see = (difference: number): void => {
      if (difference < least) least = difference;
      if (difference > most) most = difference;
    };
    see(valueAt(f, from) - valueAt(g, from));
    for (const [own, other, sign] of [
      [f, g, 1],
      [g, f, -1],
    ] as const) {
      // Where the other curve stands: it is walked along, for a search at every point costs more than all else.
      let place = countUpTo(other.at, from) - 1;
      for (let k = countUpTo(own.at, from); k < own.at.length && own.at[k]! <= to; k++) {
        const at = own.at[k]!;
        while (place + 1 < other.at.length && other.at[place + 1]! <= at) place++;
        const rest = valueFrom(other, place, at);
        see(sign * (own.value[k]! - rest));
        // Before the jump.
        see(sign * (valueFrom(own, k - 1, at) - rest));
      }
    }
    see(valueAt(f, to) - valueAt(g, to));
    if (most - least > worst) worst = most - least;
  }
  return worst;
}
