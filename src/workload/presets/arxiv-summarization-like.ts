// Measured facts of one workload: numbers only, derived from the source named below.
import type { WorkloadFacts } from "./facts.ts";
import { tableShares } from "./table-shares.ts";

export const arxivSummarizationLike: WorkloadFacts = {
  id: "arxiv-summarization-like",
  title: "arXiv summarization (Llama-2 tokenizer, total <= 4k)",
  basis: "measured lengths, assumed Poisson arrivals",
  source: "microsoft/vidur data/processed_traces/arxiv_summarization_..._filtered_v2.csv rows 1-18838",
  licence: "MIT (facts derived)",
  arrivals: { model: "poisson", mean_rate_per_s: 1.0 },
  lengths: {
    prompt: {
      p: tableShares,
      tokens: [
        1, 1, 1, 31, 72, 135, 220, 577, 814, 1021, 1176, 1339, 1455, 1564, 1658, 1748, 1824, 1895, 1961, 2029, 2094, 2154, 2212, 2271, 2328,
        2379, 2435, 2491, 2542, 2595, 2643, 2692, 2742, 2792, 2840, 2892, 2946, 2994, 3044, 3093, 3142, 3185, 3234, 3280, 3327, 3372, 3417,
        3462, 3508, 3549, 3589, 3630, 3670, 3712, 3756, 3798, 3841, 3893, 3910, 3935, 3963, 3987, 4012, 4046,
      ],
    },
    output_given_prompt: {
      p: [
        0.0, 0.01, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 0.98, 0.99,
        0.997, 1.0,
      ],
      bins: [
        {
          prompt_min: 1,
          prompt_max: 1224,
          weight: 0.09996,
          output_q: [
            10, 37, 64, 88, 109, 122, 142, 162, 181, 204, 232, 278, 402, 1099, 1766, 2243, 2580, 2818, 3034, 3288, 3591, 3794, 3886, 4001,
            4056,
          ],
        },
        {
          prompt_min: 1224,
          prompt_max: 1793,
          weight: 0.09985,
          output_q: [
            18, 37, 55, 73, 83, 96, 107, 118, 128, 137, 147, 158, 170, 185, 200, 220, 242, 268, 299, 350, 519, 1137, 2198, 2579, 2806,
          ],
        },
        {
          prompt_min: 1793,
          prompt_max: 2146,
          weight: 0.10017,
          output_q: [
            5, 32, 55, 73, 85, 95, 106, 116, 126, 135, 144, 156, 168, 178, 192, 205, 225, 250, 283, 334, 421, 723, 1033, 1691, 1931,
          ],
        },
        {
          prompt_min: 2146,
          prompt_max: 2444,
          weight: 0.09964,
          output_q: [
            11, 38, 59, 74, 88, 99, 109, 117, 127, 138, 149, 161, 173, 184, 197, 210, 228, 248, 273, 318, 422, 644, 873, 1335, 1711,
          ],
        },
        {
          prompt_min: 2444,
          prompt_max: 2716,
          weight: 0.10017,
          output_q: [
            23, 39, 61, 77, 91, 102, 112, 122, 131, 142, 152, 162, 173, 184, 198, 214, 231, 252, 282, 317, 394, 568, 789, 1080, 1558,
          ],
        },
        {
          prompt_min: 2716,
          prompt_max: 2984,
          weight: 0.10012,
          output_q: [
            17, 37, 60, 79, 92, 106, 116, 127, 139, 148, 158, 167, 178, 193, 204, 217, 233, 253, 278, 322, 397, 555, 727, 937, 1324,
          ],
        },
        {
          prompt_min: 2984,
          prompt_max: 3241,
          weight: 0.09996,
          output_q: [
            16, 42, 64, 83, 95, 106, 116, 127, 139, 148, 156, 167, 178, 191, 202, 216, 238, 261, 287, 329, 416, 546, 665, 814, 1022,
          ],
        },
        {
          prompt_min: 3241,
          prompt_max: 3484,
          weight: 0.09975,
          output_q: [
            12, 35, 62, 83, 99, 110, 122, 131, 140, 151, 161, 173, 185, 199, 212, 229, 252, 274, 302, 338, 398, 485, 538, 718, 837,
          ],
        },
        {
          prompt_min: 3484,
          prompt_max: 3701,
          weight: 0.09975,
          output_q: [
            21, 39, 70, 89, 102, 113, 124, 135, 144, 155, 165, 177, 190, 201, 215, 228, 244, 264, 289, 320, 373, 425, 454, 490, 531,
          ],
        },
        {
          prompt_min: 3701,
          prompt_max: 4046,
          weight: 0.10065,
          output_q: [
            12, 38, 60, 75, 90, 100, 108, 116, 123, 130, 138, 146, 153, 163, 172, 183, 193, 204, 219, 239, 269, 303, 324, 351, 384,
          ],
        },
      ],
    },
  },
  constraints: { max_total_tokens: 4096 },
};
