// Exact quantiles of a column, without sorting all of it: a sketch tells in which bins the wanted ranks lie, and only those are sorted.
import { SKETCH_BINS, binOf } from "./sketch.ts";
import type { Sketch } from "./sketch.ts";

/** Quantiles by linear interpolation between order statistics (numpy's default). `values` may hold NaN (left out); the sketch must hold the same values. */
export function exactQuantiles(values: Float64Array, sketch: Sketch, shares: readonly number[]): number[] {
  const { count, bins } = sketch;
  if (count === 0) return shares.map(() => NaN);
  const ranks = new Set<number>();
  for (const share of shares) {
    const low = Math.floor(share * (count - 1));
    ranks.add(low);
    ranks.add(Math.min(count - 1, low + 1));
  }
  const wanted = new Uint8Array(SKETCH_BINS);
  const first = new Float64Array(SKETCH_BINS);
  let before = 0;
  const open = [...ranks].sort((a, b) => a - b);
  for (let bin = 0; bin < SKETCH_BINS && open.length > 0; bin++) {
    first[bin] = before;
    before += bins[bin]!;
    while (open.length > 0 && open[0]! < before) {
      wanted[bin] = 1;
      open.shift();
    }
  }
  const members = new Map<number, number[]>();
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value !== value) continue;
    const bin = binOf(value);
    if (wanted[bin] === 0) continue;
    const list = members.get(bin);
    if (list === undefined) members.set(bin, [value]);
    else list.push(value);
  }
  const order = new Map<number, number>();
  for (const [bin, list] of members) {
    const sorted = Float64Array.from(list).sort();
    for (const rank of ranks) {
      const place = rank - first[bin]!;
      if (place >= 0 && place < sorted.length) order.set(rank, sorted[place]!);
    }
  }
  return shares.map((share) => {
    const at = share * (count - 1);
    const low = Math.floor(at);
    const a = order.get(low)!;
    const b = order.get(Math.min(count - 1, low + 1))!;
    return a + (b - a) * (at - low);
  });
}
