// Measured facts of one workload: numbers only, derived from the source that heads.ts names.
import type { WorkloadFacts } from "./facts.ts";

export const burstgptLike: WorkloadFacts = {
  id: "burstgpt-like",
  arrivals: {
    model: "piecewise-gamma-renewal",
    mean_rate_per_s: 0.2713,
    bucket_s: 3600,
    relative_rate_by_hour_of_day: [
      0.9628, 0.914, 0.5853, 0.5253, 0.377, 0.3497, 0.1984, 0.157, 0.182, 0.4259, 0.8999, 1.3173, 1.7861, 1.5371, 1.8389, 1.4347, 1.5109,
      1.3883, 1.2095, 1.6052, 1.3852, 1.2032, 1.1561, 1.0504,
    ],
    gamma: { shape: 0.5 },
  },
  lengths: {
    model: "log-linear-quantiles",
    prompt: { p: [0, 0.05, 0.25, 0.5, 0.7, 0.9, 0.95, 0.99, 0.999, 1], tokens: [1, 7, 24, 74, 257, 1291, 1697, 3023, 4000, 6142] },
    output: { p: [0, 0.05, 0.25, 0.5, 0.7, 0.9, 0.95, 0.99, 0.999, 1], tokens: [1, 2, 6, 14, 127, 401, 510, 757, 1500, 7315] },
  },
};
