// Measured facts of one workload: numbers only, derived from the source named below.
import type { WorkloadFacts } from "./facts.ts";

export const sharegptLike: WorkloadFacts = {
  id: "sharegpt-like",
  title: "ShareGPT multi-turn chats",
  basis: "character counts / 4 of 1000 conversations; Poisson arrivals assumed",
  source: "ShareGPT52K head via fnstggl/energy2 sharegpt_aiperf_ingest_summary.json (lengths only)",
  licence: "lengths only; text not used",
  arrivals: { model: "poisson", mean_rate_per_s: 1.0, think_time_s: { distribution: "lognormal", median: 30, sigma: 1.0 } },
  lengths: {
    user_tokens_per_turn: {
      p: [
        0.0, 0.005, 0.01, 0.02, 0.05, 0.08, 0.11, 0.14, 0.17, 0.2, 0.23, 0.26, 0.29, 0.32, 0.35, 0.38, 0.41, 0.44, 0.47, 0.5, 0.53, 0.56,
        0.59, 0.62, 0.65, 0.68, 0.71, 0.74, 0.77, 0.8, 0.83, 0.86, 0.89, 0.92, 0.95, 0.98, 0.99, 0.995, 1.0,
      ],
      tokens: [
        1, 1, 1, 2, 4, 6, 8, 10, 11, 12, 13, 14, 15, 16, 17, 19, 20, 22, 24, 25, 28, 31, 34, 39, 42, 47, 52, 62, 73, 84, 116, 146, 193, 278,
        499, 1462, 3228, 4643, 12248,
      ],
    },
    assistant_tokens_per_turn: {
      p: [
        0.0, 0.005, 0.01, 0.02, 0.05, 0.08, 0.11, 0.14, 0.17, 0.2, 0.23, 0.26, 0.29, 0.32, 0.35, 0.38, 0.41, 0.44, 0.47, 0.5, 0.53, 0.56,
        0.59, 0.62, 0.65, 0.68, 0.71, 0.74, 0.77, 0.8, 0.83, 0.86, 0.89, 0.92, 0.95, 0.98, 0.99, 0.995, 1.0,
      ],
      tokens: [
        21, 29, 31, 38, 65, 85, 107, 125, 140, 160, 175, 191, 204, 226, 245, 262, 280, 292, 309, 325, 344, 364, 379, 402, 431, 452, 479,
        509, 543, 600, 659, 754, 816, 931, 1097, 1452, 1773, 1945, 2901,
      ],
    },
  },
  sessions: {
    p: [
      0.0, 0.005, 0.01, 0.02, 0.05, 0.08, 0.11, 0.14, 0.17, 0.2, 0.23, 0.26, 0.29, 0.32, 0.35, 0.38, 0.41, 0.44, 0.47, 0.5, 0.53, 0.56,
      0.59, 0.62, 0.65, 0.68, 0.71, 0.74, 0.77, 0.8, 0.83, 0.86, 0.89, 0.92, 0.95, 0.98, 0.99, 0.995, 1.0,
    ],
    rounds_per_conversation: [
      1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 3, 3, 4, 4, 4, 5, 5, 6, 7, 8, 9, 10, 11, 13, 17, 20, 30, 55, 83, 105, 301,
    ],
  },
  correlation: { spearman: 0.2129 },
};
