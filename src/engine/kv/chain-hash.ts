// Names of KV blocks: 64 bits that depend on a block's content and on everything before it, in two 32-bit lanes (JavaScript has no fast 64-bit integers).
// Among ten million blocks the chance that any two are taken for one is below 1 in 100,000.

/** A running hash. `add` folds one 32-bit value in; equal sequences of values from the same start give equal `hi` and `lo`. */
export class ChainHash {
  hi = 0;
  lo = 0;

  /** Begins a chain; chains with different seeds share nothing. */
  begin(seed = 0): void {
    this.hi = 0x243f6a88 ^ seed;
    this.lo = 0x85a308d3 | 0;
  }

  from(hi: number, lo: number): void {
    this.hi = hi;
    this.lo = lo;
  }

  add(value: number): void {
    let a = Math.imul(this.lo ^ value, 0x9e3779b1);
    a ^= a >>> 15;
    let b = Math.imul(this.hi ^ Math.imul(value, 0x27d4eb2f) ^ a, 0x85ebca6b);
    b ^= b >>> 13;
    this.hi = (Math.imul(b, 0xc2b2ae35) + a) | 0;
    this.lo = (Math.imul(a, 0x165667b1) ^ (b + (b >>> 16))) | 0;
  }
}
