// Requests that are sent at one moment do not arrive at one: their prompts are tokenised one after another.
import type { RequestSource } from "../src/engine/contracts.ts";

/**
 * Seconds to tokenise a token of a prompt: 1.93 MB/s, whatever the number of threads (huggingface/tokenizers pull request 1582: Llama 3.1, documents of 2.5 KB),
 * and four bytes a token. The value hardly matters: an idle engine starts on the first prompt before the others are there, be they a millisecond late or ten.
 */
const TOKENISE_S = 4 / 1.93e6;

/** Arrivals of the source, each no earlier than its prompt is tokenised after the one before it. `waits`: seconds that each request of the source was held back, in their order. */
export function oneByOne(source: RequestSource): { readonly source: RequestSource; readonly waits: readonly number[] } {
  const waits: number[] = [];
  const state = { free: 0, inner: source.state };
  return {
    waits,
    source: {
      ...source,
      state,
      get prefixIds() {
        return source.prefixIds;
      },
      nextAt: () => {
        const at = source.nextAt();
        return at === Infinity ? at : Math.max(at, state.free);
      },
      take: (into) => {
        source.take(into);
        waits.push(Math.max(0, state.free - into.arrivedAt));
        into.arrivedAt = Math.max(into.arrivedAt, state.free);
        state.free = into.arrivedAt + TOKENISE_S * into.promptTokens;
      },
    },
  };
}
