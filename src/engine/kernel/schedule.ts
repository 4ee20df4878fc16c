// The next event of every lane: a time per key, and the first of them by (time, key). A winner tree: each inner node names the winner of the two
// below it. A change plays the few matches on its way up, with nothing to move and no places to keep: a third of the work of a heap.
// Plain arrays: JavaScript engines look up where a typed array lies for every element of it, and where a plain one lies once for a loop.

export class Schedule {
  /** Time of each key's event; Infinity = none. Write it, then call `update`. */
  readonly times: number[] = [];
  /** Winners of the inner nodes 1 (the root) to size - 1; the children of node n are 2n and 2n + 1, below the last row the keys in order. */
  private readonly winners: number[] = [];
  /** The first event: its time, Infinity when there is none, and its key. Fields, because every event asks. */
  topTime = Infinity;
  topKey = 0;

  constructor() {
    this.reserve(16);
  }

  /** Makes room for keys below `count`. */
  reserve(count: number): void {
    const { times, winners } = this;
    const before = times.length;
    if (count <= before) return;
    let size = Math.max(2, before);
    while (size < count) size *= 2;
    while (times.length < size) times.push(Infinity);
    // The tree of keys that all have no event: the lower key wins everywhere.
    winners.length = 0;
    for (let node = 0; node < size; node++) winners.push(0);
    for (let node = size - 1; node > 0; node--) winners[node] = 2 * node >= size ? 2 * node - size : winners[2 * node]!;
    for (let key = 0; key < before; key++) this.update(key);
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
      if (node === 1) break;
      rival = winners[node ^ 1]!;
      node >>= 1;
    }
    this.topKey = best;
    this.topTime = time;
  }
}
