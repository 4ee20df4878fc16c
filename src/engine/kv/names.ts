// Names of the KV blocks of a prompt, from the hashes that its source gives. The two have block sizes of their own: a KV block is known as far as the
// content blocks that cover it, and carries its place, so that blocks within one content block differ.
import { ChainHash } from "./chain-hash.ts";
import { reserve } from "./prefix-cache.ts";
import type { Holding } from "./prefix-cache.ts";

/**
 * Writes the names of the full blocks of `blockSize` tokens among the first `tokens` tokens. `ids[from .. from + count)` are the hashes of the content
 * blocks of `contentBlock` tokens each.
 */
export function writeNames(
  into: Pick<Holding, "hi" | "lo" | "known">,
  ids: Int32Array,
  from: number,
  count: number,
  contentBlock: number,
  tokens: number,
  blockSize: number,
): void {
  // Made here, and nobody else has it: JavaScript engines then keep its halves in registers.
  const chain = new ChainHash();
  const full = count === 0 ? 0 : Math.floor(Math.min(tokens, count * contentBlock) / blockSize);
  reserve(into, full);
  const { hi, lo } = into;
  chain.begin();
  if (contentBlock === blockSize) {
    for (let i = 0; i < full; i++) {
      chain.add(ids[from + i]!);
      hi[i] = chain.hi;
      lo[i] = chain.lo;
    }
  } else {
    let covered = 0;
    let stemHi = chain.hi;
    let stemLo = chain.lo;
    for (let i = 0; i < full; i++) {
      const last = Math.floor(((i + 1) * blockSize - 1) / contentBlock);
      if (covered <= last) {
        chain.from(stemHi, stemLo);
        while (covered <= last) chain.add(ids[from + covered++]!);
        stemHi = chain.hi;
        stemLo = chain.lo;
      }
      chain.from(stemHi, stemLo);
      chain.add(i);
      hi[i] = chain.hi;
      lo[i] = chain.lo;
    }
  }
  into.known = full;
}
