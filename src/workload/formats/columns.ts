// Typed columns that grow, and numbers for keys: what is kept of a trace while it is read. No strings and no objects per row.

export class Column<A extends Float64Array | Int32Array | Uint16Array | Uint32Array> {
  data: A;
  length = 0;
  private readonly make: (n: number) => A;

  constructor(make: (n: number) => A) {
    this.make = make;
    this.data = make(1024);
  }

  push(value: number): void {
    if (this.length === this.data.length) {
      // By half, not by double: the old and the new array exist together while copying.
      const grown = this.make(Math.ceil(this.data.length * 1.5));
      grown.set(this.data as never);
      this.data = grown;
    }
    this.data[this.length++] = value;
  }

  /** The values alone, and nothing kept here. */
  finish(): A {
    const values = this.data.slice(0, this.length) as A;
    this.data = this.make(0);
    return values;
  }
}

/**
 * Numbers 0, 1, 2, ... for keys in the order of first sight. Keys are kept as 53-bit hashes, 24 bytes or so each instead of their text:
 * among five million keys the chance that any two are taken for one is about one in a thousand.
 */
export class KeyNumbers {
  private hashes = new Float64Array(1024);
  private numbers = new Int32Array(1024);
  /** Numbers given out. */
  count = 0;
  private filled = 0;

  of(key: string): number {
    const known = this.known(key);
    return known >= 0 ? known : this.set(key, this.count++);
  }

  /** Gives a key a number that is given out already. */
  set(key: string, number: number): number {
    if (2 * this.filled >= this.hashes.length) this.grow();
    const hash = hash53(key);
    const at = this.find(hash);
    if (this.numbers[at]! === 0) this.filled++;
    this.hashes[at] = hash;
    this.numbers[at] = number + 1;
    return number;
  }

  /** The number of a key, or -1. */
  known(key: string): number {
    return this.numbers[this.find(hash53(key))]! - 1;
  }

  private find(hash: number): number {
    const mask = this.hashes.length - 1;
    let at = ((hash % 4294967296) & mask) >>> 0;
    while (this.numbers[at]! > 0 && this.hashes[at] !== hash) at = (at + 1) & mask;
    return at;
  }

  private grow(): void {
    const { hashes, numbers } = this;
    this.hashes = new Float64Array(2 * hashes.length);
    this.numbers = new Int32Array(2 * hashes.length);
    for (let i = 0; i < hashes.length; i++) {
      if (numbers[i]! === 0) continue;
      const at = this.find(hashes[i]!);
      this.hashes[at] = hashes[i]!;
      this.numbers[at] = numbers[i]!;
    }
  }
}

/** 53 bits of a text: two 32-bit multiplicative hashes with different constants, mixed. */
export function hash53(text: string): number {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 0x9e3779b1);
    b = Math.imul(b ^ code, 0x5f356495);
  }
  a = Math.imul(a ^ (a >>> 16), 0x85ebca6b) ^ Math.imul(b ^ (b >>> 13), 0xc2b2ae35);
  b = Math.imul(b ^ (b >>> 16), 0x85ebca6b) ^ Math.imul(a ^ (a >>> 13), 0xc2b2ae35);
  return (b & 0x1fffff) * 4294967296 + (a >>> 0);
}
