// What a request costs its tenant: service as the counters of fair schedulers see it.
import { choice, number } from "../../engine/params.ts";
import type { Values } from "../../engine/params.ts";

/** Cost of a prompt of p tokens and q tokens of output: fixed + perPrompt p + perOutput q + perPair pq + perSquare q^2. */
export interface Cost {
  readonly fixed: number;
  readonly perPrompt: number;
  readonly perOutput: number;
  readonly perPair: number;
  readonly perSquare: number;
}

/**
 * h(p, q) of Sheng et al., "Fairness in Serving Large Language Models", OSDI 2024: fitted to times of Llama-7B on an A10G, about milliseconds.
 * Coefficients as in Ying1123/VTC-artifact, commit 192c2e2.
 */
export const PROFILED: Cost = {
  fixed: 1.14601454,
  perPrompt: 0.21001891,
  perOutput: 0.10075395,
  perPair: 0.0039868,
  perSquare: 0.00324733,
};

export const linearCost = (perPrompt: number, perOutput: number): Cost => ({ fixed: 0, perPrompt, perOutput, perPair: 0, perSquare: 0 });

export const costParams = {
  cost: choice(
    "linear",
    { linear: "weights per token", profiled: "h(p, q), profiled on an A10G" },
    "What a request of p prompt tokens and q output tokens costs: a weight per token, or a quadratic fitted to measured times (the VTC paper's).",
    "Cost",
  ),
  promptWeight: number(1, "Cost of a prompt token. Used with weights.", { label: "Prompt token", min: 0, max: 1000 }),
  outputWeight: number(2, "Cost of an output token. Used with weights.", { label: "Output token", min: 0, max: 1000 }),
};

export const costOf = ({ cost, promptWeight, outputWeight }: Values<typeof costParams>): Cost =>
  cost === "profiled" ? PROFILED : linearCost(promptWeight, outputWeight);
