// Consistent hashing with bounded loads (Mirrokni, Thorup, Zadimoghaddam, "Consistent hashing with bounded loads", SODA 2018): keys and replicas on a
// ring; a key goes to the first replica after it that has room.
import { ChainHash } from "../../../engine/kv/chain-hash.ts";

export class Ring {
  private readonly points: number;
  /** Positions of all points of all replicas, ascending, and whose they are. */
  private positions: number[] = [];
  private replicas: number[] = [];
  private readonly chain = new ChainHash();

  /** `points`: how often each replica stands on the ring. */
  constructor(points: number) {
    this.points = points;
  }

  add(replica: number): void {
    const pairs = this.positions.map((position, i) => [position, this.replicas[i]!] as const);
    for (let point = 0; point < this.points; point++) pairs.push([this.positionOf(replica, point), replica]);
    this.set(pairs);
  }

  remove(replica: number): void {
    this.set(this.positions.map((position, i) => [position, this.replicas[i]!] as const).filter(([, other]) => other !== replica));
  }

  /** Where a key stands. */
  positionOf(a: number, b: number): number {
    this.chain.begin();
    this.chain.add(a);
    this.chain.add(b);
    return this.chain.lo >>> 0;
  }

  /** The first replica at or after a position that is accepted, or -1. */
  find(position: number, accepts: (replica: number) => boolean): number {
    const { positions, replicas } = this;
    let low = 0;
    let high = positions.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (positions[middle]! < position) low = middle + 1;
      else high = middle;
    }
    for (let i = 0; i < positions.length; i++) {
      const replica = replicas[(low + i) % positions.length]!;
      if (accepts(replica)) return replica;
    }
    return -1;
  }

  private set(pairs: (readonly [position: number, replica: number])[]): void {
    pairs.sort(([a, x], [b, y]) => a - b || x - y);
    this.positions = pairs.map(([position]) => position);
    this.replicas = pairs.map(([, replica]) => replica);
  }
}
