// The composition of one batch, as latency models see it.
import type { BatchShape, Chunks } from "../contracts.ts";

/** Prefill chunks of the batch being filled or run. */
export class ChunkList implements Chunks {
  count = 0;
  slots = new Int32Array(16);
  tokens = new Int32Array(16);
  past = new Int32Array(16);

  add(slot: number, tokens: number, past: number): void {
    if (this.count === this.slots.length) {
      for (const key of ["slots", "tokens", "past"] as const) {
        const wide = new Int32Array(this.count * 2);
        wide.set(this[key]);
        this[key] = wide;
      }
    }
    this.slots[this.count] = slot;
    this.tokens[this.count] = tokens;
    this.past[this.count++] = past;
  }
}

/** For iterations of decodes alone. */
export const NO_CHUNKS = new ChunkList();

/** Sums that may have halves, or be large, start as -0, which is no whole number to a JavaScript engine (see replica.ts). */
export const emptyShape = (): BatchShape => ({
  prefillTokens: 0,
  prefillRequests: 0,
  decodeRequests: 0,
  decodeContext: -0,
  prefillContext: -0,
  prefillWork: -0,
  prefillSquares: -0,
});
