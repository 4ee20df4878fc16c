// The next event of every lane: a time per key, and the first of them by (time, key). A winner tree: each inner node names the winner of the two
// below it. A change plays the few matches on its way up, with nothing to move and no places to keep: a third of the work of a heap.

export class Schedule {
  /** Time of each key's event; Infinity = none. Write it, then call `update`. */
  times = new Float64Array(16).fill(Infinity);
  /** Winners of the inner nodes 1 (the root) to size - 1; the children of node n are 2n and 2n + 1, below the last row the keys in order. */
  winners = Schedule.drawn(16);

  /** The tree of keys that all have no event: the lower key wins everywhere. */
  private static drawn(size: number): Int32Array {
    const winners = new Int32Array(size);
    for (let node = size - 1; node > 0; node--) winners[node] = 2 * node >= size ? 2 * node - size : winners[2 * node]!;
    return winners;
  }

  /** Makes room for keys below `count`. */
  reserve(count: number): void {
    if (count <= this.times.length) return;
    const before = this.times;
    let size = before.length;
    while (size < count) size *= 2;
    this.times = new Float64Array(size).fill(Infinity);
    this.times.set(before);
    this.winners = Schedule.drawn(size);
    for (let key = 0; key < before.length; key++) this.update(key);
  }

  /** Time of the first event; Infinity when there is none. */
  topTime(): number {
    return this.times[this.winners[1]!]!;
  }

  /** Its key. */
  topKey(): number {
    return this.winners[1]!;
  }

  /**
   * Takes note of a new time in `times[key]`. The time is handed over in the array, not as an argument: JavaScript engines allocate for
   * numbers that pass through calls, and this is called for every event.
   */
  update(key: number): void {
    const { times, winners } = this;
    let best = key;
    let time = times[key]!;
    let rival = key ^ 1;
    let node = (key + times.length) >> 1;
    for (;;) {
      const other = times[rival]!;
      if (other < time || (other === time && rival < best)) {
        // The rival had won here before, so nothing changes above.
        if (winners[node] === rival) return;
        best = rival;
        time = other;
      }
      winners[node] = best;
      if (node === 1) return;
      rival = winners[node ^ 1]!;
      node >>= 1;
    }
  }
}
