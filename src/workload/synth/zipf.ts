// Zipf lengths: a total by a zipfian rank over [min, max], split by a fixed ratio (the form of Vidur's generator, which uses the method of
// Gray et al., "Quickly generating billion-record synthetic databases", SIGMOD 1994, known from YCSB).
import { pow } from "../../engine/kernel/math.ts";
import { integer, number } from "../../engine/params.ts";
import { defineLengths } from "./types.ts";

export const zipf = defineLengths({
  id: "zipf",
  label: "Zipf",
  help: "Totals near the lower bound are the most common, with a zipfian tail to the upper bound; split into prompt and output by a ratio.",
  params: {
    theta: number(0.6, "Skew: 0 is uniform, towards 1 the short ones take over.", { min: 0, max: 0.99, step: 0.01 }),
    totalMin: integer(1024, "Fewest tokens in all.", { min: 2, max: 10000000, unit: "tok", scale: "log" }),
    totalMax: integer(4096, "Most tokens in all.", { min: 2, max: 10000000, unit: "tok", scale: "log" }),
    ratio: number(20, "Prompt tokens per output token.", { min: 0.001, max: 100000, scale: "log" }),
  },
  create: ({ theta, totalMin, totalMax, ratio }, { random }) => {
    const items = Math.max(1, totalMax - totalMin + 1);
    let zeta = 0;
    for (let i = 1; i <= items; i++) zeta += 1 / pow(i, theta);
    const second = pow(0.5, theta);
    const alpha = 1 / (1 - theta);
    const eta = items > 2 ? (1 - pow(2 / items, 1 - theta)) / (1 - (1 + second) / zeta) : 0;
    return {
      fill: (into) => {
        const u = random.uniform();
        const scaled = u * zeta;
        let rank = 0;
        if (scaled >= 1) rank = scaled < 1 + second ? 1 : Math.min(items - 1, Math.floor(items * pow(eta * u - eta + 1, alpha)));
        const total = totalMin + rank;
        // Vidur cuts the output to a whole number, which may be 0; a request here has at least one output token.
        const output = Math.max(1, Math.floor(total / (1 + ratio)));
        into.outputTokens = output;
        into.promptTokens = Math.max(1, total - output);
      },
    };
  },
});
