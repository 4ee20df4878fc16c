// Measured facts of one workload: numbers only, derived from the source named below.
import type { WorkloadFacts } from "./facts.ts";

export const servegenMSmallLike: WorkloadFacts = {
  id: "servegen-m-small-like",
  title: "Bailian small language model, 2 weeks",
  basis: "measured per-client rates and gap CVs; length histograms of clients with 43% of the traffic",
  source: "alibaba/ServeGen data/language/m-small",
  licence: "Apache-2.0 (facts derived)",
  arrivals: {
    model: "client-mixture",
    clients: 43,
    total_rate_per_s: { mean: 1174.4038 },
    client_share_sorted: [
      0.29877, 0.21898, 0.10722, 0.08812, 0.05684, 0.05321, 0.04176, 0.03487, 0.01606, 0.01225, 0.01107, 0.01082, 0.01078, 0.0065, 0.00574,
      0.00541, 0.00538, 0.00259, 0.00242, 0.0021, 0.00161, 0.00127, 0.00123, 0.00106, 0.00086, 0.00061, 0.00053, 0.00041, 0.00029, 0.00028,
      0.00017, 0.00016, 0.0001, 9e-5, 8e-5, 8e-5, 7e-5, 7e-5, 5e-5, 4e-5,
    ],
    gap_cv_rate_weighted: { "0.1": 1.0657, "0.25": 1.1047, "0.5": 1.2165, "0.75": 2.1602, "0.9": 6.9889, "0.99": 14.4689 },
    relative_rate_by_hour: [
      0.839, 0.7136, 0.7334, 0.6764, 0.714, 0.6601, 0.6844, 0.8546, 1.0154, 1.0545, 1.125, 1.0935, 1.06, 1.0733, 1.0603, 1.0466, 1.091,
      1.0785, 1.0075, 1.2288, 1.4555, 1.4019, 1.2697, 1.063,
    ],
  },
  lengths: {
    input_tokens: {
      mean: 119.669,
      p: [0.001, 0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999, 1],
      v: [13.0, 18.0, 19.0, 19.0, 19.0, 21.0, 28.0, 40.0, 49.0, 52.0, 70.0, 322.0, 573.0, 1478.0, 2998.0, 145912.0],
    },
    output_tokens: {
      mean: 14.891,
      p: [0.001, 0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999, 1],
      v: [1.0, 1.0, 1.0, 1.0, 1.0, 2.0, 3.0, 3.0, 4.0, 7.0, 14.0, 44.0, 71.0, 142.0, 269.0, 10912.0],
    },
  },
};
