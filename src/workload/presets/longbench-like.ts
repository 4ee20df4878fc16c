// Measured facts of one workload: numbers only, derived from the source that heads.ts names.
import type { WorkloadFacts } from "./facts.ts";

export const longbenchLike: WorkloadFacts = {
  id: "longbench-like",
  arrivals: { model: "poisson", mean_rate_per_s: 0.5 },
  lengths: {
    model: "mixture-of-lognormals",
    within_task_cv: 0.45,
    components: [
      { weight: 200, mean_prompt_tokens: 11896, max_output_tokens: 32 },
      { weight: 200, mean_prompt_tokens: 6353, max_output_tokens: 32 },
      { weight: 200, mean_prompt_tokens: 14578, max_output_tokens: 32 },
      { weight: 200, mean_prompt_tokens: 11826, max_output_tokens: 128 },
      { weight: 150, mean_prompt_tokens: 5927, max_output_tokens: 64 },
      { weight: 200, mean_prompt_tokens: 5026, max_output_tokens: 64 },
      { weight: 200, mean_prompt_tokens: 23932, max_output_tokens: 128 },
      { weight: 200, mean_prompt_tokens: 4705, max_output_tokens: 128 },
      { weight: 200, mean_prompt_tokens: 11354, max_output_tokens: 512 },
      { weight: 200, mean_prompt_tokens: 13798, max_output_tokens: 512 },
      { weight: 200, mean_prompt_tokens: 2747, max_output_tokens: 512 },
      { weight: 200, mean_prompt_tokens: 11535, max_output_tokens: 512 },
      { weight: 200, mean_prompt_tokens: 10672, max_output_tokens: 32 },
      { weight: 200, mean_prompt_tokens: 8135, max_output_tokens: 128 },
      { weight: 200, mean_prompt_tokens: 6730, max_output_tokens: 64 },
      { weight: 200, mean_prompt_tokens: 16753, max_output_tokens: 64 },
      { weight: 200, mean_prompt_tokens: 12076, max_output_tokens: 32 },
      { weight: 200, mean_prompt_tokens: 14483, max_output_tokens: 32 },
      { weight: 200, mean_prompt_tokens: 5059, max_output_tokens: 32 },
      { weight: 500, mean_prompt_tokens: 3705, max_output_tokens: 64 },
      { weight: 500, mean_prompt_tokens: 12618, max_output_tokens: 64 },
    ],
    output: { model: "clipped-lognormal", median_fraction_of_max: 0.35, sigma: 0.8 },
  },
};
