// Filters and sorts up to a million rows of columns without holding the main thread: generators that yield every few thousand
// rows, a stable radix sort of 64-bit keys, and a driver that gives the thread back after each slice.

/** Rows between two yields. */
const SLICE = 16384;

/** Rows in which every test holds, in log order. */
export function* filterRows(length: number, tests: readonly ((row: number) => boolean)[]): Generator<void, Uint32Array> {
  const rows = new Uint32Array(length);
  let count = 0;
  for (let row = 0; row < length; row++) {
    if (row % SLICE === SLICE - 1) yield;
    let keep = true;
    for (const test of tests)
      if (!test(row)) {
        keep = false;
        break;
      }
    if (keep) rows[count++] = row;
  }
  return rows.subarray(0, count);
}

/**
 * Sorts rows by a number each, ascending or descending, stable; NaN comes last either way.
 * A double's bits, with the sign folded in, order like the number: four passes of 16 bits, of which those with one digit are skipped.
 */
export function* sortRows(rows: Uint32Array, keyOf: (row: number) => number, descending: boolean): Generator<void, Uint32Array> {
  const count = rows.length;
  if (count < 2) return rows;
  const high = new Uint32Array(count);
  const low = new Uint32Array(count);
  const one = new Float64Array(1);
  const bits = new Uint32Array(one.buffer);
  for (let i = 0; i < count; i++) {
    if (i % SLICE === SLICE - 1) yield;
    const key = keyOf(rows[i] as number);
    if (Number.isNaN(key)) {
      high[i] = 0xffffffff;
      low[i] = 0xffffffff;
      continue;
    }
    one[0] = key + 0;
    let l = bits[0] as number;
    let h = bits[1] as number;
    if (h >>> 31) {
      h = ~h >>> 0;
      l = ~l >>> 0;
    } else h = (h | 0x80000000) >>> 0;
    if (descending) {
      h = ~h >>> 0;
      l = ~l >>> 0;
    }
    high[i] = h;
    low[i] = l;
  }
  let order = new Uint32Array(count);
  for (let i = 0; i < count; i++) order[i] = i;
  let other = new Uint32Array(count);
  const counts = new Uint32Array(65536);
  for (const [keys, shift] of [
    [low, 0],
    [low, 16],
    [high, 0],
    [high, 16],
  ] as const) {
    counts.fill(0);
    for (let i = 0; i < count; i++) {
      if (i % (SLICE * 4) === SLICE * 4 - 1) yield;
      const digit = ((keys[i] as number) >>> shift) & 0xffff;
      counts[digit] = (counts[digit] as number) + 1;
    }
    if (counts[((keys[0] as number) >>> shift) & 0xffff] === count) continue;
    let sum = 0;
    for (let digit = 0; digit < 65536; digit++) {
      const here = counts[digit] as number;
      counts[digit] = sum;
      sum += here;
    }
    for (let i = 0; i < count; i++) {
      if (i % SLICE === SLICE - 1) yield;
      const item = order[i] as number;
      const digit = ((keys[item] as number) >>> shift) & 0xffff;
      other[counts[digit] as number] = item;
      counts[digit] = (counts[digit] as number) + 1;
    }
    [order, other] = [other, order];
  }
  for (let i = 0; i < count; i++) other[i] = rows[order[i] as number] as number;
  return other;
}

/** Lets the page paint and take input. */
const breathe = (): Promise<void> =>
  new Promise((done) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      done();
    };
    port2.postMessage(0);
  });

/** Runs a generator in slices of about `sliceMs`; null when it was given up. */
export async function inSlices<T>(work: Generator<void, T>, signal: AbortSignal, sliceMs = 10): Promise<T | null> {
  for (;;) {
    const until = performance.now() + sliceMs;
    do {
      const step = work.next();
      if (step.done) return signal.aborted ? null : step.value;
    } while (performance.now() < until);
    await breathe();
    if (signal.aborted) return null;
  }
}
