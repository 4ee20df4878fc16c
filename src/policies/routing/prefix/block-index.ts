// Which replica is thought to hold which KV blocks: by what a router has sent (the most recent names of each replica, for a time), or by events that
// replicas publish. Names are 64 bits (src/engine/kv/names.ts).
import { NameList } from "./name-list.ts";

interface Event {
  readonly at: number;
  readonly replica: number;
  readonly stored: boolean;
  readonly hi: number;
  readonly lo: number;
}

export interface IndexOptions {
  /** Names kept of each replica, the least recently sent forgotten first; Infinity: no limit. */
  readonly capacity: number;
  /** Seconds for which a name is believed; Infinity: for ever. */
  readonly timeToLive: number;
  /** Seconds from an event until the router knows. */
  readonly delay: number;
}

export class BlockIndex {
  private readonly options: IndexOptions;
  /** By replica. */
  private readonly lists: NameList[] = [];
  /** Events on their way, in the order of their times; those before `applied` have come. */
  private readonly late: Event[] = [];
  private applied = 0;
  private most = 0;

  constructor(options: IndexOptions) {
    this.options = options;
  }

  add(replica: number): void {
    this.listOf(replica).clear();
  }

  remove(replica: number): void {
    this.listOf(replica).clear();
  }

  sizeOf(replica: number): number {
    return this.lists[replica]?.size ?? 0;
  }

  /** Names of a prompt that a replica has been sent, in the order of the sequence. */
  sent(replica: number, hi: Int32Array, lo: Int32Array, count: number, now: number): void {
    const list = this.listOf(replica);
    for (let i = 0; i < count; i++) {
      list.use(hi[i]!, lo[i]!, now);
      if (list.size > this.options.capacity) list.deleteOldest();
    }
    if (list.size > this.most) this.most = list.size;
  }

  /** A replica says that it holds a block, or no more. */
  event(replica: number, stored: boolean, hi: number, lo: number, now: number): void {
    const event: Event = { at: now + this.options.delay, replica, stored, hi, lo };
    if (this.options.delay === 0) this.apply(event);
    else this.late.push(event);
  }

  /** Brings the index up to now. */
  settle(now: number): void {
    const { late } = this;
    const { timeToLive } = this.options;
    while (this.applied < late.length && late[this.applied]!.at <= now) this.apply(late[this.applied++]!);
    if (this.applied > 1024 && 2 * this.applied > late.length) {
      late.splice(0, this.applied);
      this.applied = 0;
    }
    if (timeToLive === Infinity) return;
    for (const list of this.lists) while (list.oldestTime() + timeToLive <= now) list.deleteOldest();
  }

  /** Names of the beginning of a sequence that a replica is thought to hold. */
  overlap(replica: number, hi: Int32Array, lo: Int32Array, count: number): number {
    const list = this.lists[replica];
    if (list === undefined) return 0;
    let n = 0;
    while (n < count && list.has(hi[n]!, lo[n]!)) n++;
    return n;
  }

  figures(): Readonly<Record<string, number>> {
    const { lists } = this;
    return {
      "indexed blocks, all replicas": lists.reduce((sum, { size }) => sum + size, 0),
      "indexed blocks, largest replica": lists.reduce((most, { size }) => Math.max(most, size), this.most),
      "index bytes": lists.reduce((sum, { bytes }) => sum + bytes, 0),
    };
  }

  private listOf(replica: number): NameList {
    while (this.lists.length <= replica) this.lists.push(new NameList());
    return this.lists[replica]!;
  }

  private apply({ at, replica, stored, hi, lo }: Event): void {
    const list = this.listOf(replica);
    if (stored) list.use(hi, lo, at);
    else list.delete(hi, lo);
    if (list.size > this.most) this.most = list.size;
  }
}
