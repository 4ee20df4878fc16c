// Measured facts of one workload: numbers only, derived from the source named below.
import type { WorkloadFacts } from "./facts.ts";

export const servegenDeepseekR1Like: WorkloadFacts = {
  id: "servegen-deepseek-r1-like",
  title: "Bailian DeepSeek-R1, 1 day",
  basis: "measured per-client rates, gap CVs and length histograms",
  source: "alibaba/ServeGen data/reason/deepseek-r1",
  licence: "Apache-2.0 (facts derived)",
  arrivals: {
    model: "client-mixture",
    clients: 73,
    total_rate_per_s: { mean: 16.0147 },
    client_share_sorted: [
      0.28589, 0.07856, 0.06681, 0.04921, 0.04422, 0.04061, 0.0347, 0.0298, 0.0239, 0.02362, 0.02361, 0.02198, 0.02018, 0.01943, 0.01885,
      0.0183, 0.01729, 0.01342, 0.01217, 0.01197, 0.01127, 0.00967, 0.00952, 0.00863, 0.00782, 0.00774, 0.00712, 0.00606, 0.0057, 0.0057,
      0.0056, 0.00492, 0.0048, 0.00461, 0.00452, 0.00375, 0.00356, 0.00331, 0.00319, 0.00314,
    ],
    gap_cv_rate_weighted: { "0.1": 0.7381, "0.25": 0.9421, "0.5": 1.0204, "0.75": 1.8636, "0.9": 5.557, "0.99": 17.1293 },
    relative_rate_by_hour: [
      1.2057, 1.3893, 2.0345, 1.7885, 1.0641, 0.9081, 0.7494, 0.5769, 0.5955, 0.664, 0.8102, 0.8299, 0.4471, 0.5445, 0.6843, 0.7039, 0.8778,
      0.5535, 0.7491, 0.5873, 1.2403, 1.6213, 2.1938, 1.1808,
    ],
  },
  lengths: {
    input_tokens: {
      mean: 1268.25,
      p: [0.001, 0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999, 1],
      v: [5.0, 9.0, 13.0, 18.0, 29.0, 57.0, 113.0, 208.0, 266.0, 406.0, 748.0, 2092.0, 6714.0, 23423.0, 33783.0, 57284.0],
    },
    output_tokens: {
      mean: 1527.419,
      p: [0.001, 0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999, 1],
      v: [85.0, 141.0, 225.0, 287.0, 387.0, 470.0, 582.0, 792.0, 1104.0, 1367.0, 1680.0, 3432.0, 5701.0, 12607.0, 20833.0, 32768.0],
    },
  },
};
