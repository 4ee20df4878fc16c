// Batch time as a linear function of tokens, requests and context.
// The form and its fitted coefficients: SLOs-Serve (arXiv 2504.08784; gulang2019/SLOServe, snapshot 2026-04-22).
import { choice, number } from "../engine/params.ts";
import type { Values } from "../engine/params.ts";
import type { BatchShape, DecodeForm, LatencyModel } from "../engine/contracts.ts";
import { defineLatency } from "./types.ts";
import type { LatencyTerm } from "./types.ts";

interface Coefficients {
  /** Seconds per new token, per request, per token of context, and per iteration. */
  readonly perToken: number;
  readonly perRequest: number;
  readonly perContext: number;
  readonly fixed: number;
}

const SOURCE = "SLOs-Serve, gulang2019/SLOServe snapshot 2026-04-22; A100-class GPUs, as recalled";

const fitted = {
  fallback: { perToken: 4.86e-5, perRequest: 1.69e-5, perContext: 8e-8, fixed: 0.014 },
  "qwen2.5-7b": { perToken: 5.1e-5, perRequest: 1.69e-5, perContext: 8e-8, fixed: 0.014 },
  "qwen2.5-7b-sharegpt-code": { perToken: 5.1e-5, perRequest: 0, perContext: 8e-8, fixed: 0.014 },
  "qwen2.5-7b-azure-chat": { perToken: 5.55e-5, perRequest: 0, perContext: 9e-8, fixed: 0.014 },
  "qwen2.5-7b-arxiv-summary": { perToken: 6.565e-5, perRequest: 0, perContext: 8e-8, fixed: 0.013 },
  "gemma-3-27b": { perToken: 7.69e-5, perRequest: 5.82e-5, perContext: 4.4e-8, fixed: 0.019 },
  "gemma-3-27b-azure-chat": { perToken: 7.1e-5, perRequest: 3.82e-5, perContext: 9.38e-8, fixed: 0.018 },
  "gemma-3-27b-code": { perToken: 3.62e-5, perRequest: 3.31e-5, perContext: 9.7e-8, fixed: 0.0176 },
} as const satisfies Record<string, Coefficients>;

export const params = {
  coefficients: choice(
    "qwen2.5-7b",
    {
      custom: "Custom (the fields below)",
      fallback: "Fallback of SLOs-Serve",
      "qwen2.5-7b": "Qwen2.5-7B",
      "qwen2.5-7b-sharegpt-code": "Qwen2.5-7B, ShareGPT code",
      "qwen2.5-7b-azure-chat": "Qwen2.5-7B, Azure chat 2023",
      "qwen2.5-7b-arxiv-summary": "Qwen2.5-7B, arXiv summaries",
      "gemma-3-27b": "Gemma-3-27B",
      "gemma-3-27b-azure-chat": "Gemma-3-27B, Azure chat 2023",
      "gemma-3-27b-code": "Gemma-3-27B, code traces",
    },
    "Fitted coefficients of SLOs-Serve, or your own. They hold for the hardware they were fitted on, whatever GPU the pool names.",
  ),
  perToken: number(5.1e-5, "Time per token computed in the iteration (prompt tokens and one per decode). Used with Custom.", {
    min: 0,
    max: 1,
    unit: "s/tok",
    scale: "log",
  }),
  perRequest: number(1.69e-5, "Time per request in the batch. Used with Custom.", { min: 0, max: 1, unit: "s/req", scale: "log" }),
  perContext: number(8e-8, "Time per token already in the KV cache of the batch's requests. Used with Custom.", {
    min: 0,
    max: 1,
    unit: "s/tok",
    scale: "log",
  }),
  fixed: number(0.014, "Time of every iteration. Used with Custom.", { min: 1e-6, max: 100, unit: "s", scale: "log" }),
};

export const coefficientsOf = (values: Values<typeof params>): Coefficients =>
  values.coefficients === "custom"
    ? { perToken: values.perToken, perRequest: values.perRequest, perContext: values.perContext, fixed: values.fixed }
    : fitted[values.coefficients];

class LinearModel implements LatencyModel {
  private readonly perToken: number;
  private readonly perRequest: number;
  private readonly perContext: number;
  private readonly fixed: number;

  constructor(coefficients: Coefficients, stages: number) {
    // The coefficients stand for the whole model: a stage has its share.
    this.perToken = coefficients.perToken / stages;
    this.perRequest = coefficients.perRequest / stages;
    this.perContext = coefficients.perContext / stages;
    this.fixed = coefficients.fixed / stages;
  }

  // The order of the operations is the same in both, so that they agree to the last bit.
  iteration(shape: BatchShape): number {
    const requests = shape.prefillRequests + shape.decodeRequests;
    const base = this.perToken * (shape.prefillTokens + shape.decodeRequests) + this.perRequest * requests + this.fixed;
    return base + this.perContext * (shape.decodeContext + shape.prefillContext);
  }

  decodeForm(requests: number, _context: number, into: DecodeForm): void {
    into.base = this.perToken * requests + this.perRequest * requests + this.fixed;
    into.perContext = this.perContext;
    into.below = Infinity;
  }
}

export const linear = defineLatency({
  kind: "latency",
  id: "linear",
  label: "Linear",
  help: "Time = k1 x tokens + k2 x requests + k3 x context + b (SLOs-Serve). Quick to fit and to reason about; it knows nothing of the GPU.",
  reads: ["prefillTokens", "prefillRequests", "decodeRequests", "decodeContext", "prefillContext"],
  params,
  create: (values, shard) => new LinearModel(coefficientsOf(values), shard.pipelineParallel),
  explain: (values) => {
    const c = coefficientsOf(values);
    const source = values.coefficients === "custom" ? "your own" : SOURCE;
    const term = (label: string, value: number, unit: string): LatencyTerm => ({ label, value, unit, source });
    return [
      term("Per token", c.perToken * 1e6, "us/tok"),
      term("Per request", c.perRequest * 1e6, "us/req"),
      term("Per token of context", c.perContext * 1e6, "us/tok"),
      term("Every iteration", c.fixed * 1e3, "ms"),
      term("One decode, context 1,000", (c.fixed + c.perToken + c.perRequest + 1000 * c.perContext) * 1e3, "ms"),
      term("64 decodes, context 1,000 each", (c.fixed + 64 * (c.perToken + c.perRequest + 1000 * c.perContext)) * 1e3, "ms"),
      term("Prefill of 1,000 tokens", (c.fixed + 1000 * c.perToken + c.perRequest) * 1e3, "ms"),
    ];
  },
});
