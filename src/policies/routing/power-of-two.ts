// Two replicas drawn at random, the less loaded one taken (Mitzenmacher, "The power of two choices in randomized load balancing", IEEE TPDS 2001).
import { choice } from "../../engine/params.ts";
import { definePolicy } from "../../engine/contracts.ts";

export const powerOfTwo = definePolicy({
  kind: "routing",
  id: "power-of-two",
  label: "Power of two choices",
  help: "Draws two replicas at random and takes the one with less unfinished work; the first drawn wins a tie. Nearly as even as asking all, with two questions.",
  params: {
    count: choice(
      "requests",
      { requests: "Requests", tokens: "Tokens" },
      "What is compared: unfinished requests, or their prompt and output tokens (an oracle: it knows output lengths).",
    ),
  },
  create: ({ count }, { random: stream }) => {
    const draw = stream("pair");
    return {
      route: (_slot, { candidates, candidateCount, load }) => {
        const values = count === "tokens" ? load.outstandingTokens : load.outstanding;
        const first = draw.below(candidateCount);
        if (candidateCount === 1) return candidates[0]!;
        let second = draw.below(candidateCount - 1);
        if (second >= first) second++;
        const a = candidates[first]!;
        const b = candidates[second]!;
        return values[b]! < values[a]! ? b : a;
      },
    };
  },
});
