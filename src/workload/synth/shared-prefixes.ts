// Prompts in groups: each begins with one of many long beginnings (system prompts, documents) and ends in its own way.
import { ChainHash } from "../../engine/kv/chain-hash.ts";
import { pow } from "../../engine/kernel/math.ts";
import { integer, number } from "../../engine/params.ts";
import { CONTENT_BLOCK, contentIds } from "./content.ts";
import { defineLengths } from "./types.ts";

export const sharedPrefixes = defineLengths({
  id: "shared-prefixes",
  label: "Shared prefixes (with content)",
  help: "Prompts begin with one of a number of prefixes and go on with a text of their own, or with one of a few for each prefix. Outputs are uniform. For prefix caching and for routers that go by prefixes.",
  params: {
    prefixes: integer(1000, "Different prefixes.", { min: 1, max: 10000000, scale: "log" }),
    prefixTokens: integer(1000, "Tokens of a prefix.", { label: "Prefix length", min: 0, max: 10000000, unit: "tok" }),
    suffixes: integer(2, "Different texts that follow a prefix; 0 = always a new one.", { min: 0, max: 1000000 }),
    suffixTokens: integer(1000, "Tokens of the text that follows.", { label: "Suffix length", min: 1, max: 10000000, unit: "tok" }),
    skew: number(0, "Popularity of prefixes: 0 = all alike, 1 = the classic Zipf law.", { min: 0, max: 3, step: 0.1 }),
    outputMin: integer(10, "Shortest output.", { min: 1, max: 10000000, unit: "tok", scale: "log" }),
    outputMax: integer(200, "Longest output.", { min: 1, max: 10000000, unit: "tok", scale: "log" }),
  },
  create: ({ prefixes, prefixTokens, suffixes, suffixTokens, skew, outputMin, outputMax }, { random }) => {
    const upTo = new Float64Array(skew === 0 ? 0 : prefixes);
    let total = 0;
    for (let i = 0; i < upTo.length; i++) upTo[i] = total += pow(i + 1, -skew);
    const drawPrefix = (): number => {
      if (skew === 0) return random.below(prefixes);
      const wanted = random.uniform() * total;
      let low = 0;
      let high = upTo.length - 1;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (upTo[middle]! <= wanted) low = middle + 1;
        else high = middle;
      }
      return low;
    };
    const tokens = prefixTokens + suffixTokens;
    const content = contentIds(tokens);
    const shared = Math.floor(prefixTokens / CONTENT_BLOCK);
    const chain = new ChainHash();
    const state = { taken: 0, content };
    return {
      state,
      content,
      fill: (into) => {
        const prefix = drawPrefix();
        const suffix = suffixes === 0 ? suffixes + state.taken : random.below(suffixes);
        state.taken++;
        into.promptTokens = tokens;
        into.outputTokens = outputMin + random.below(Math.max(1, outputMax - outputMin + 1));
        for (let i = 0; i < content.count; i++) {
          chain.begin();
          chain.add(prefix);
          if (i >= shared) chain.add(suffix);
          chain.add(i);
          content.ids[i] = chain.lo;
        }
      },
    };
  },
});
