// What prompts are made of, by slot: hashes of blocks as their source gives them, and the KV blocks that hold them. Empty unless somebody asks.
import type { ArrivalRow, PromptContent, RequestSource } from "../contracts.ts";
import type { Holding } from "../kv/prefix-cache.ts";
import type { PrefixSharing } from "../kv/sharing.ts";
import type { Replica } from "./replica.ts";
import type { Requests } from "./requests.ts";

const NOTHING = new Int32Array(0);

export class Content implements PromptContent {
  /** Somebody reads content: a pool with prefix caching, or a router. */
  readonly asked: boolean;
  readonly blockTokens: number;
  /** Hashes by slot, the first `counts[slot]`; arrays are kept for the next request of the slot. */
  private readonly ids: Int32Array[] = [];
  private readonly counts: number[] = [];
  private readonly holdings: Holding[] = [];
  private readonly requests: Requests;
  /** Of the pools that have prefix caching; null without. */
  readonly sharing: PrefixSharing | null;

  /** `sharing`: of the pools that have it. `read`: a router reads content. */
  constructor(requests: Requests, source: RequestSource, sharing: PrefixSharing | null, read: boolean) {
    this.requests = requests;
    this.sharing = sharing;
    this.blockTokens = source.prefixBlockTokens ?? 0;
    this.asked = read || sharing !== null;
  }

  /** Copies the hashes of a request that arrives. */
  take(slot: number, row: ArrivalRow, ids: Int32Array | undefined): void {
    while (this.ids.length <= slot) {
      this.ids.push(NOTHING);
      this.counts.push(0);
    }
    const count = ids === undefined || this.blockTokens === 0 ? 0 : row.prefixCount;
    this.counts[slot] = count;
    if (count === 0) return;
    let own = this.ids[slot]!;
    if (own.length < count) {
      own = new Int32Array(Math.max(16, count, own.length * 2));
      this.ids[slot] = own;
    }
    const from = row.prefixStart;
    for (let i = 0; i < count; i++) own[i] = ids![from + i]!;
  }

  idsOf(slot: number): Int32Array {
    return this.ids[slot] ?? NOTHING;
  }

  countOf(slot: number): number {
    const count = this.counts[slot] ?? 0;
    return count === 0 ? 0 : Math.min(count, Math.ceil(this.requests.promptTokens[slot]! / this.blockTokens));
  }

  /** Blocks that a request holds on a replica with prefix caching. */
  holdingOf(slot: number): Holding {
    while (this.holdings.length <= slot) this.holdings.push(this.sharing!.holding());
    return this.holdings[slot]!;
  }

  /** Names the blocks that a request will have on a replica; those of its output where the source knows what it will be. */
  nameFor(slot: number, replica: Replica): void {
    const { requests, blockTokens } = this;
    const count = this.counts[slot] ?? 0;
    const prompt = requests.promptTokens[slot]!;
    const tokens = count * blockTokens > prompt && count > Math.ceil(prompt / blockTokens) ? prompt + requests.outputTokens[slot]! : prompt;
    const holding = this.holdingOf(slot);
    holding.lookedAt = -1;
    this.sharing!.writeNames(holding, this.idsOf(slot), count, blockTokens, tokens, replica.blockSize);
  }
}
