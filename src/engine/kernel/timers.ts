// Rare events of the fleet (faults, replicas ready, ticks, transfers): a heap ordered by (time, kind, sequence).

export class Timers {
  times: number[] = [];
  kinds: number[] = [];
  data: number[] = [];
  sequence: number[] = [];
  next = 0;
  /** Time of the first one; Infinity when there is none. A field, because every event asks. */
  topTime = Infinity;

  get length(): number {
    return this.times.length;
  }

  add(time: number, kind: number, datum: number): void {
    let place = this.times.length;
    this.times.push(time);
    this.kinds.push(kind);
    this.data.push(datum);
    this.sequence.push(this.next++);
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!this.before(place, parent)) break;
      this.swap(place, parent);
      place = parent;
    }
    this.topTime = this.times[0]!;
  }

  topKind(): number {
    return this.kinds[0]!;
  }

  topDatum(): number {
    return this.data[0]!;
  }

  pop(): void {
    this.swap(0, this.times.length - 1);
    this.times.pop();
    this.kinds.pop();
    this.data.pop();
    this.sequence.pop();
    const length = this.times.length;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= length) break;
      if (child + 1 < length && this.before(child + 1, child)) child++;
      if (!this.before(child, place)) break;
      this.swap(child, place);
      place = child;
    }
    this.topTime = length === 0 ? Infinity : this.times[0]!;
  }

  private before(a: number, b: number): boolean {
    if (this.times[a] !== this.times[b]) return this.times[a]! < this.times[b]!;
    if (this.kinds[a] !== this.kinds[b]) return this.kinds[a]! < this.kinds[b]!;
    return this.sequence[a]! < this.sequence[b]!;
  }

  private swap(a: number, b: number): void {
    for (const column of [this.times, this.kinds, this.data, this.sequence]) {
      const value = column[a]!;
      column[a] = column[b]!;
      column[b] = value;
    }
  }
}
