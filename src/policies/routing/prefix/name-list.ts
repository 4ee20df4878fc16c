// Names of blocks (64 bits) with the time of their last use, in that order: a hash table and a linked list in typed arrays. A Map keeps its order too, but
// looks for its first entry among those that are gone.

export class NameList {
  private hi = new Int32Array(64);
  private lo = new Int32Array(64);
  private times = new Float64Array(64);
  /** Order of use; entry 0 is both ends. */
  private next = new Int32Array(64);
  private previous = new Int32Array(64);
  private rows = 1;
  private readonly free: number[] = [];
  /** Open addressing with linear probing: entry, or 0. */
  private table = new Int32Array(128);
  size = 0;

  get bytes(): number {
    return 4 * (4 * this.hi.length + this.table.length) + 8 * this.times.length;
  }

  has(hi: number, lo: number): boolean {
    return this.table[this.place(hi, lo)] !== 0;
  }

  /** Puts a name at the recent end. */
  use(hi: number, lo: number, time: number): void {
    let at = this.place(hi, lo);
    let entry = this.table[at]!;
    if (entry !== 0) this.unlink(entry);
    else {
      if (2 * (this.size + 1) > this.table.length) {
        this.widenTable();
        at = this.place(hi, lo);
      }
      entry = this.free.pop() ?? this.rows++;
      if (entry === this.hi.length) this.widen();
      this.hi[entry] = hi;
      this.lo[entry] = lo;
      this.table[at] = entry;
      this.size++;
    }
    this.times[entry] = time;
    const last = this.previous[0]!;
    this.next[last] = entry;
    this.previous[entry] = last;
    this.next[entry] = 0;
    this.previous[0] = entry;
  }

  delete(hi: number, lo: number): void {
    const at = this.place(hi, lo);
    const entry = this.table[at]!;
    if (entry === 0) return;
    this.unlink(entry);
    this.free.push(entry);
    this.size--;
    const { table } = this;
    const mask = table.length - 1;
    let hole = at;
    for (let next = (hole + 1) & mask; table[next] !== 0; next = (next + 1) & mask) {
      const wanted = home(this.lo[table[next]!]!, mask);
      if (((next - wanted) & mask) < ((next - hole) & mask)) continue;
      table[hole] = table[next]!;
      hole = next;
    }
    table[hole] = 0;
  }

  /** Time of the oldest name; Infinity when there is none. */
  oldestTime(): number {
    const entry = this.next[0]!;
    return entry === 0 ? Infinity : this.times[entry]!;
  }

  deleteOldest(): void {
    const entry = this.next[0]!;
    this.delete(this.hi[entry]!, this.lo[entry]!);
  }

  clear(): void {
    this.table.fill(0);
    this.next[0] = 0;
    this.previous[0] = 0;
    this.rows = 1;
    this.free.length = 0;
    this.size = 0;
  }

  private place(hi: number, lo: number): number {
    const { table } = this;
    const mask = table.length - 1;
    let at = home(lo, mask);
    for (let entry = table[at]!; entry !== 0; entry = table[at]!) {
      if (this.lo[entry] === lo && this.hi[entry] === hi) break;
      at = (at + 1) & mask;
    }
    return at;
  }

  private unlink(entry: number): void {
    const before = this.previous[entry]!;
    const after = this.next[entry]!;
    this.next[before] = after;
    this.previous[after] = before;
  }

  private widenTable(): void {
    this.table = new Int32Array(2 * this.table.length);
    for (let entry = this.next[0]!; entry !== 0; entry = this.next[entry]!)
      this.table[this.place(this.hi[entry]!, this.lo[entry]!)] = entry;
  }

  private widen(): void {
    for (const key of ["hi", "lo", "next", "previous"] as const) {
      const wide = new Int32Array(2 * this.rows);
      wide.set(this[key]);
      this[key] = wide;
    }
    const times = new Float64Array(2 * this.rows);
    times.set(this.times);
    this.times = times;
  }
}

const home = (lo: number, mask: number): number => (lo ^ (lo >>> 15)) & mask;
