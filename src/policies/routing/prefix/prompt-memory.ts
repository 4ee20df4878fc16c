// What a router remembers of the prompts that it sent: a prefix tree of replicas, kept within bounds by sweeps, perhaps seen with a delay.
import type { FleetView } from "../../../engine/contracts.ts";
import { PrefixTree } from "./prefix-tree.ts";

export interface MemoryOptions {
  /** Characters of a token: the bounds are in characters, as Ray's and SGLang's are. */
  readonly charsPerToken: number;
  /** Characters of one replica at which a sweep begins, and down to which it goes; Infinity: never. */
  readonly most: number;
  readonly target: number;
  /** Seconds between sweeps. */
  readonly every: number;
  /** Seconds until a prompt that was sent is in the tree. */
  readonly delay: number;
}

interface Late {
  readonly at: number;
  readonly replica: number;
  readonly ids: Int32Array;
}

export class PromptMemory {
  readonly tree = new PrefixTree();
  private readonly options: MemoryOptions;
  readonly state = {
    tree: this.tree,
    /** Replicas that the tree knows, ascending. */
    replicas: [] as number[],
    sweepAt: 0,
    swept: 0,
    sweeps: 0,
    most: 0,
    late: [] as Late[],
  };

  constructor(options: MemoryOptions) {
    this.options = options;
    this.state.sweepAt = options.every;
  }

  add(replica: number): void {
    this.tree.add(replica);
    this.state.replicas.push(replica);
    this.state.replicas.sort((a, b) => a - b);
  }

  remove(replica: number): void {
    this.tree.remove(replica);
    const { replicas } = this.state;
    replicas.splice(replicas.indexOf(replica), 1);
  }

  /** Brings the tree up to now: must come before it is asked. */
  settle(now: number, blockTokens: number): void {
    const { state, tree } = this;
    const { most, target, every, charsPerToken } = this.options;
    while (state.late.length > 0 && state.late[0]!.at <= now) {
      const { at, replica, ids } = state.late.shift()!;
      tree.insert(ids, ids.length, replica, at);
    }
    if (now < state.sweepAt || blockTokens === 0) return;
    // Sweeps that would have found what the last one left need not be made up for.
    state.sweepAt = every * (Math.floor(now / every) + 1);
    const perSymbol = charsPerToken * blockTokens;
    for (const replica of state.replicas) if (tree.countOf(replica) > state.most) state.most = tree.countOf(replica);
    if (most === Infinity) return;
    state.swept += tree.sweep(most / perSymbol, target / perSymbol);
    state.sweeps++;
  }

  /** A prompt has been sent to a replica. */
  sent(slot: number, replica: number, { content, now }: FleetView): void {
    const ids = content.idsOf(slot);
    const count = content.countOf(slot);
    const { delay } = this.options;
    if (count === 0) return;
    if (delay === 0) this.tree.insert(ids, count, replica, now);
    else this.state.late.push({ at: now + delay, replica, ids: ids.slice(0, count) });
  }

  /** Tokens of a prompt that one replica should have, by the tree alone; the last one is always computed. `asked`: the tree has just been asked for it. */
  expected(slot: number, replica: number, { content, requests }: FleetView, asked = false): number {
    const count = content.countOf(slot);
    if (count === 0) return 0;
    return (asked && this.tree.ownsLast(replica)) || this.tree.match(content.idsOf(slot), count, [replica])
      ? Math.min(this.tree.matched * content.blockTokens, requests.promptTokens[slot]! - 1)
      : 0;
  }

  figures(): Readonly<Record<string, number>> {
    const { tree, state } = this;
    const symbols = state.replicas.map((replica) => tree.countOf(replica));
    return {
      "tree nodes": tree.nodes,
      "tree blocks, all replicas": symbols.reduce((sum, count) => sum + count, 0),
      "tree blocks, largest replica": Math.max(0, state.most, ...symbols),
      "tree bytes": tree.bytes,
      sweeps: state.sweeps,
      "blocks swept": state.swept,
    };
  }
}
