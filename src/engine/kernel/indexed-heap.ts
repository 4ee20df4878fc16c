// A heap of (time, key) with one entry per key and changeable times: the next event of every lane. Ties go to the lower key.

export class IndexedHeap {
  /** Times and keys in heap order. */
  times = new Float64Array(16);
  keys = new Int32Array(16);
  /** Place of each key; -1 = not queued. */
  places = new Int32Array(16).fill(-1);
  /** Time that a key is to get with the next move(). */
  next = new Float64Array(16).fill(Infinity);
  length = 0;

  /** Makes room for keys below `count`. */
  reserve(count: number): void {
    if (count <= this.keys.length) return;
    const size = Math.max(count, this.keys.length * 2);
    const times = new Float64Array(size);
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
    return this.length === 0 ? Infinity : this.times[0]!;
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
    if (place < 0) {
      this.up(this.length++, key, time);
      return;
    }
    const before = this.times[place]!;
    if (time < before) this.up(place, key, time);
    else this.down(place, key, time);
  }

  private removeAt(place: number, key: number): void {
    this.places[key] = -1;
    const end = --this.length;
    const last = this.keys[end]!;
    if (last === key) return;
    const time = this.times[end]!;
    this.up(place, last, time);
    this.down(this.places[last]!, last, time);
  }

  private up(start: number, key: number, time: number): void {
    const { times, keys, places } = this;
    let place = start;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const otherTime = times[parent]!;
      const other = keys[parent]!;
      if (otherTime < time || (otherTime === time && other < key)) break;
      times[place] = otherTime;
      keys[place] = other;
      places[other] = place;
      place = parent;
    }
    times[place] = time;
    keys[place] = key;
    places[key] = place;
  }

  private down(start: number, key: number, time: number): void {
    const { times, keys, places, length } = this;
    let place = start;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= length) break;
      let otherTime = times[child]!;
      if (child + 1 < length) {
        const rightTime = times[child + 1]!;
        if (rightTime < otherTime || (rightTime === otherTime && keys[child + 1]! < keys[child]!)) {
          child++;
          otherTime = rightTime;
        }
      }
      const other = keys[child]!;
      if (otherTime > time || (otherTime === time && other > key)) break;
      times[place] = otherTime;
      keys[place] = other;
      places[other] = place;
      place = child;
    }
    times[place] = time;
    keys[place] = key;
    places[key] = place;
  }
}
