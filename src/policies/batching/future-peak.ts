// The most KV blocks that a set of requests will hold at once, if all go on to their ends and nobody joins: the admission test of LightLLM.
import type { LaneControl } from "../../engine/contracts.ts";

/**
 * Requests as (tokens in the cache after the next iteration, iterations left after that), the longest first. The k-th ends when those before it still run,
 * so the cache is fullest at one of the ends: the most, over k, of the blocks of the first k requests with left[k] more tokens each. With blocks of one
 * token that is left[k] x k + the sum of the first k: Vidur's formula.
 */
export class FuturePeak {
  private readonly used: number[] = [];
  private readonly left: number[] = [];
  private readonly blockSize: number;
  /** Of the requests before the present one, those by (tokens - 1) mod block size. */
  private readonly rests: Int32Array;

  constructor(blockSize: number) {
    this.blockSize = blockSize;
    this.rests = new Int32Array(blockSize);
  }

  /** Begins with the decoding requests of a lane. */
  begin(lane: LaneControl): void {
    const running = lane.membersByArrival().filter((slot) => lane.isDecoding(slot));
    const pairs = running.map((slot) => [lane.contextOf(slot) + 1, Math.max(0, lane.leftOf(slot) - 1)] as const);
    pairs.sort((a, b) => b[1] - a[1]);
    this.used.length = 0;
    this.left.length = 0;
    for (const [used, left] of pairs) {
      this.used.push(used);
      this.left.push(left);
    }
  }

  /** Adds a request, behind those with as much left. */
  add(used: number, left: number): void {
    let place = this.left.length;
    while (place > 0 && this.left[place - 1]! < left) place--;
    this.used.splice(place, 0, used);
    this.left.splice(place, 0, left);
  }

  /** Blocks at the fullest moment. */
  blocks(): number {
    const { used, left, blockSize, rests } = this;
    rests.fill(0);
    let most = 0;
    // Blocks of one request with x more tokens: whole + floor(x / size), and one more where rest + x mod size reaches the size.
    let whole = 0;
    for (let k = 0; k < used.length; k++) {
      const tokens = used[k]! - 1;
      const rest = tokens % blockSize;
      whole += (tokens - rest) / blockSize + 1;
      rests[rest] = rests[rest]! + 1;
      const more = left[k]! % blockSize;
      let blocks = whole + (k + 1) * ((left[k]! - more) / blockSize);
      for (let r = blockSize - more; r < blockSize; r++) blocks += rests[r]!;
      if (blocks > most) most = blocks;
    }
    return most;
  }
}
