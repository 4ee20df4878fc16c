// Measured facts of one workload: numbers only, derived from the source that heads.ts names.
import type { WorkloadFacts } from "./facts.ts";
import { tableShares } from "./table-shares.ts";

export const humanevalLike: WorkloadFacts = {
  id: "humaneval-like",
  arrivals: { model: "poisson", mean_rate_per_s: 1.0 },
  lengths: {
    prompt: {
      p: tableShares,
      tokens: [
        44, 45, 46, 48, 50, 51, 53, 63, 69, 80, 82, 85, 87, 89, 92, 97, 100, 102, 109, 112, 117, 121, 126, 130, 132, 135, 137, 141, 145,
        146, 147, 150, 152, 159, 162, 164, 166, 170, 172, 177, 179, 181, 185, 192, 206, 217, 221, 227, 233, 242, 252, 260, 288, 295, 307,
        323, 367, 400, 424, 458, 488, 502, 511, 517,
      ],
    },
    output_given_prompt: {
      p: [0.0, 0.01, 0.05, 0.1, 0.3, 0.5, 0.7, 0.9, 0.95, 0.98, 0.99, 0.997, 1.0],
      bins: [
        { prompt_min: 44, prompt_max: 109, weight: 0.2378, output_q: [9, 10, 12, 16, 27, 42, 64, 132, 175, 207, 212, 216, 218] },
        { prompt_min: 109, prompt_max: 151, weight: 0.2561, output_q: [13, 16, 27, 30, 55, 76, 98, 146, 167, 221, 250, 271, 280] },
        { prompt_min: 151, prompt_max: 216, weight: 0.25, output_q: [16, 18, 23, 31, 64, 97, 111, 146, 228, 270, 291, 306, 312] },
        { prompt_min: 216, prompt_max: 517, weight: 0.2561, output_q: [9, 15, 27, 45, 90, 135, 180, 258, 340, 396, 433, 459, 470] },
      ],
    },
  },
};
