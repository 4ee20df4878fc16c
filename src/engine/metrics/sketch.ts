// A histogram with logarithmic bins for durations: the bin is read off the bits of the number, 128 bins to a factor of two, so a quantile is
// off by at most 0.4 % of its value. Merging is adding. (The idea of HdrHistogram, on the exponent and mantissa of a double.)

const SUB_BITS = 7;
const LOWEST_EXPONENT = -20;
const OCTAVES = 40;
/** Bins of a sketch: 2^-20 s (about 1 microsecond) to 2^20 s (about 12 days); what is outside falls into the first or last bin. */
export const SKETCH_BINS = OCTAVES << SUB_BITS;
const OFFSET = (1023 + LOWEST_EXPONENT) << SUB_BITS;

const float = new Float64Array(1);
const words = new Uint32Array(float.buffer);

/** The upper 32 bits of a double: sign, exponent, first 20 bits of the mantissa. */
export function highWord(x: number): number {
  float[0] = x;
  return words[1]!;
}

export function binOf(seconds: number): number {
  float[0] = seconds;
  const bin = (words[1]! >>> (20 - SUB_BITS)) - OFFSET;
  return bin < 0 ? 0 : bin >= SKETCH_BINS ? SKETCH_BINS - 1 : bin;
}

/** Lower edge of a bin, seconds. */
export function edgeOf(bin: number): number {
  words[0] = 0;
  words[1] = (bin + OFFSET) << (20 - SUB_BITS);
  return float[0]!;
}

export class Sketch {
  readonly bins = new Float64Array(SKETCH_BINS);
  /** Starts as -0, which is no whole number to a JavaScript engine (fleet/replica.ts): weights may add up to more than those hold. */
  count = -0;
  sum = -0;
  min = Infinity;
  max = -Infinity;

  add(seconds: number): void {
    const bin = binOf(seconds);
    this.bins[bin] = this.bins[bin]! + 1;
    this.count++;
    this.sum += seconds;
    if (seconds < this.min) this.min = seconds;
    if (seconds > this.max) this.max = seconds;
  }

  /** The same value `weight` times. */
  addMany(seconds: number, weight: number): void {
    const bin = binOf(seconds);
    this.bins[bin] = this.bins[bin]! + weight;
    this.count += weight;
    this.sum += seconds * weight;
    if (seconds < this.min) this.min = seconds;
    if (seconds > this.max) this.max = seconds;
  }

  /** The values [from, to) of an array; NaN is left out. */
  addAll(values: Float64Array, from: number, to: number): void {
    const { bins } = this;
    let { sum, min, max } = this;
    let added = 0;
    for (let i = from; i < to; i++) {
      const value = values[i]!;
      if (value !== value) continue;
      const bin = binOf(value);
      bins[bin] = bins[bin]! + 1;
      added++;
      sum += value;
      if (value < min) min = value;
      if (value > max) max = value;
    }
    this.count += added;
    this.sum = sum;
    this.min = min;
    this.max = max;
  }

  merge(other: Sketch): void {
    for (let bin = 0; bin < SKETCH_BINS; bin++) this.bins[bin] = this.bins[bin]! + other.bins[bin]!;
    this.count += other.count;
    this.sum += other.sum;
    this.min = Math.min(this.min, other.min);
    this.max = Math.max(this.max, other.max);
  }

  /** Value at a share (0 to 1) of the sorted values, as numpy's linear rule places it; NaN when empty. */
  quantile(share: number): number {
    if (this.count === 0) return NaN;
    const at = share * (this.count - 1);
    const rank = Math.floor(at);
    let before = 0;
    let low = NaN;
    for (let bin = 0; bin < SKETCH_BINS; bin++) {
      const here = this.bins[bin]!;
      if (here === 0) continue;
      before += here;
      if (before <= rank) continue;
      if (low !== low) low = this.middleOf(bin);
      if (before > rank + 1 || at === rank) return low + (this.middleOf(bin) - low) * (at - rank);
    }
    return this.max;
  }

  /** The value that stands for all of a bin: nowhere in the bin is it off by more than half a bin, 0.4 %. */
  private middleOf(bin: number): number {
    const lower = bin === 0 ? 0 : edgeOf(bin);
    return Math.min(this.max, Math.max(this.min, (lower + edgeOf(bin + 1)) / 2));
  }
}
