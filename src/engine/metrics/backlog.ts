// When a tenant had requests in a queue, and how far the service of two tenants drifted apart while both had: what the theorems of fair queueing speak of.
import { Status } from "../contracts.ts";
import type { Curve } from "./service-curve.ts";
import { countUpTo, valueAt } from "./service-curve.ts";
import type { RequestLog } from "./results.ts";

/** Stretches of time, ascending and apart: [from, to] in pairs, seconds. */
export type Stretches = readonly number[];

/** By tenant: when at least one request waited to come in. Refused ones did not wait. */
export function backlogs(log: RequestLog, tenants: number): Stretches[] {
  const waits = Array.from({ length: tenants }, (): [number, number][] => []);
  for (let row = 0; row < log.length; row++) {
    if (log.status[row] === Status.refused) continue;
    const scheduled = log.scheduledAt[row]!;
    const to = Number.isNaN(scheduled) ? log.finishedAt[row]! : scheduled;
    if (to > log.arrivedAt[row]!) waits[log.tenant[row]!]!.push([log.arrivedAt[row]!, to]);
  }
  return waits.map((own) => {
    own.sort((a, b) => a[0] - b[0]);
    const joined: number[] = [];
    for (const [from, to] of own) {
      if (joined.length > 0 && from <= joined.at(-1)!) joined[joined.length - 1] = Math.max(to, joined.at(-1)!);
      else joined.push(from, to);
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
      for (let k = countUpTo(own.at, from); k < own.at.length && own.at[k]! <= to; k++) {
        const at = own.at[k]!;
        const rest = valueAt(other, at);
        see(sign * (own.value[k]! - rest));
        // Before the jump.
        const before = k === 0 ? 0 : own.value[k - 1]! + own.slope[k - 1]! * (at - own.at[k - 1]!);
        see(sign * (before - rest));
      }
    }
    see(valueAt(f, to) - valueAt(g, to));
    if (most - least > worst) worst = most - least;
  }
  return worst;
}
