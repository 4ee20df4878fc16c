// Measured facts of one workload: numbers only, derived from the source named below.
import type { WorkloadFacts } from "./facts.ts";

export const claudeCodeAgentLike: WorkloadFacts = {
  id: "claude-code-agent-like",
  title: "Claude Code agent sessions (May 2026 sample)",
  basis: "measured, small sample (14 sessions)",
  source: "Hugging Face semianalysisai/cc-traces-weka-no-subagents-051226 via fnstggl/energy2 normalized_sample.jsonl, first 14 sessions",
  licence: "Apache-2.0 (facts derived)",
  arrivals: { model: "session-poisson", sessions_per_hour: 6.0 },
  sessions: {
    turns: { sorted_values: [24, 27, 32, 35, 37, 60, 72, 102, 122, 185, 196, 205, 306, 1973] },
    first_prompt_tokens: [9590, 23988, 26712, 27389, 27500, 28076, 28206, 28557, 28989, 29313, 30362, 32701, 42285, 159074],
    p: [
      0.0, 0.005, 0.01, 0.03, 0.0662, 0.1023, 0.1385, 0.1746, 0.2108, 0.2469, 0.2831, 0.3192, 0.3554, 0.3915, 0.4277, 0.4638, 0.5, 0.5362,
      0.5723, 0.6085, 0.6446, 0.6808, 0.7169, 0.7531, 0.7892, 0.8254, 0.8615, 0.8977, 0.9338, 0.97, 0.99, 0.995, 1.0,
    ],
    growth_tokens_per_turn: [
      -19438, -268, -46, 16, 77, 105, 123, 142, 169, 194, 215, 242, 268, 296, 324, 358, 399, 436, 489, 548, 610, 691, 788, 897, 1031, 1211,
      1458, 1882, 2596, 4023, 7835, 12412, 473827,
    ],
    context_reset_probability: 0.00238,
    context_reset_drop_tokens: { p50: -146578 },
    think_time_s: [
      0.0, 0.0, 0.0, 0.0, 0.253, 0.355, 0.444, 0.554, 0.684, 0.795, 0.94, 1.093, 1.244, 1.406, 1.55, 1.735, 1.961, 2.213, 2.68, 3.063,
      3.534, 3.971, 4.578, 6.792, 11.75, 21.459, 40.753, 77.789, 181.727, 563.208, 4522.506, 15756.454, 633124.736,
    ],
    output_tokens: [
      0, 8, 11, 34, 70, 91, 104, 111, 120, 129, 137, 145, 158, 169, 183, 202, 224, 245, 270, 304, 341, 386, 443, 523, 625, 757, 908, 1124,
      1590, 2755, 4862, 6974, 21820,
    ],
  },
};
