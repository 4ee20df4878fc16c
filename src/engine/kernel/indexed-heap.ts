// A heap of (time, key) with one entry per key and changeable times: the next event of every lane. Ties go to the lower key.

export class IndexedHeap {
  /** Time of each key; Infinity = not queued. */
  times = new Float64Array(16).fill(Infinity);
  /** Time that a key is to get with the next move(). */
  next = new Float64Array(16).fill(Infinity);
  /** Keys in heap order, and the place of each key (-1 = not queued). */
  keys = new Int32Array(16);
  places = new Int32Array(16).fill(-1);
  length = 0;

  /** Makes room for keys below `count`. */
  reserve(count: number): void {
    if (count <= this.times.length) return;
    const size = Math.max(count, this.times.length * 2);
    const times = new Float64Array(size).fill(Infinity);
    const next = new Float64Array(size).fill(Infinity);
    const keys = new Int32Array(size);
    const places = new Int32Array(size).fill(-1);
    times.set(this.times);
    next.set(this.next);
    keys.set(this.keys);
    places.set(this.places);
    this.times = times;
    this.next = next;
    this.keys = keys;
    this.places = places;
  }

  topTime(): number {
    return this.length === 0 ? Infinity : this.times[this.keys[0]!]!;
  }

  topKey(): number {
    return this.keys[0]!;
  }

  /**
   * Puts a key where `next[key]` says; Infinity takes it out. The time is handed over in an array, not as an argument:
   * JavaScript engines allocate for numbers that pass through calls, and this is called for every event.
   */
  move(key: number): void {
    const time = this.next[key]!;
    const place = this.places[key]!;
    if (time === Infinity) {
      if (place >= 0) this.removeAt(place, key);
      return;
    }
    const before = this.times[key]!;
    this.times[key] = time;
    if (place < 0) this.up(this.length++, key);
    else if (time < before) this.up(place, key);
    else if (time > before) this.down(place, key);
  }

  private removeAt(place: number, key: number): void {
    this.places[key] = -1;
    this.times[key] = Infinity;
    const last = this.keys[--this.length]!;
    if (last === key) return;
    this.up(place, last);
    this.down(this.places[last]!, last);
  }

  private up(start: number, key: number): void {
    const { times, keys, places } = this;
    const time = times[key]!;
    let place = start;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const other = keys[parent]!;
      const otherTime = times[other]!;
      if (otherTime < time || (otherTime === time && other < key)) break;
      keys[place] = other;
      places[other] = place;
      place = parent;
    }
    keys[place] = key;
    places[key] = place;
  }

  private down(start: number, key: number): void {
    const { times, keys, places, length } = this;
    const time = times[key]!;
    let place = start;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= length) break;
      let other = keys[child]!;
      let otherTime = times[other]!;
      if (child + 1 < length) {
        const right = keys[child + 1]!;
        const rightTime = times[right]!;
        if (rightTime < otherTime || (rightTime === otherTime && right < other)) {
          child++;
          other = right;
          otherTime = rightTime;
        }
      }
      if (otherTime > time || (otherTime === time && other > key)) break;
      keys[place] = other;
      places[other] = place;
      place = child;
    }
    keys[place] = key;
    places[key] = place;
  }
}
