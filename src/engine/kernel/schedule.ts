// The next event of every lane: a time per key, and the first of them by (time, key). A winner tree: each inner node names the winner of the four
// below it. A change plays the few matches on its way up, with nothing to move and no places to keep: a third of the work of a heap.
// Plain arrays, four matches in a row: JavaScript engines look up where a typed array lies for every element, and where a plain one lies for every
// round of a loop.

export class Schedule {
  /** Time of each key's event; Infinity = none. Write it, then call `update`. */
  readonly times: number[] = [];
  /** Keys that win at the nodes: 0 is the root, the children of node n are 4n + 1 to 4n + 4; the last row has all keys in order. */
  private readonly winners: number[] = [];
  /** First node of the last row. */
  private leaves = 0;
  /** The first event: its time, Infinity when there is none, and its key. Fields, because every event asks. */
  topTime = Infinity;
  topKey = 0;

  constructor() {
    this.reserve(4);
  }

  /** Makes room for keys below `count`. */
  reserve(count: number): void {
    const { times, winners } = this;
    if (count <= times.length) return;
    let size = 4;
    while (size < count) size *= 4;
    this.leaves = (size - 1) / 3;
    while (times.length < size) times.push(Infinity);
    winners.length = 0;
    for (let node = 0; node < this.leaves; node++) winners.push(0);
    for (let key = 0; key < size; key++) winners.push(key);
    for (let node = this.leaves - 1; node >= 0; node--) winners[node] = this.play(node);
    this.topKey = winners[0]!;
    this.topTime = times[this.topKey]!;
  }

  /** The winner among the children of a node. They have ascending keys: of equal times the first wins. */
  private play(node: number): number {
    const { times, winners } = this;
    const child = 4 * node + 1;
    let best = winners[child]!;
    let time = times[best]!;
    const second = winners[child + 1]!;
    if (times[second]! < time) time = times[(best = second)]!;
    const third = winners[child + 2]!;
    if (times[third]! < time) time = times[(best = third)]!;
    const fourth = winners[child + 3]!;
    if (times[fourth]! < time) best = fourth;
    return best;
  }

  /**
   * Takes note of a new time in `times[key]`. The time is handed over in the array, not as an argument: JavaScript engines allocate for
   * numbers that pass through calls, and this is called for every event.
   */
  update(key: number): void {
    const { times, winners } = this;
    let node = this.leaves + key;
    do {
      node = (node - 1) >> 2;
      const best = this.play(node);
      // Another had won here before, so nothing changes above.
      if (best !== key && winners[node] === best) return;
      winners[node] = best;
    } while (node > 0);
    this.topKey = winners[0]!;
    this.topTime = times[this.topKey]!;
  }
}
