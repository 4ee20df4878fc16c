// Long prompts, short answers: code completion spends its time on prefill.
import { preset } from "./preset.ts";

export const codeCompletion = preset(
  "code-completion",
  "Prompts of thousands of tokens and answers of a few: time to first token is all there is, and it is prefill time. Half as many replicas of 2 GPUs each cost the same and meet more SLOs.",
  {
    name: "Code completion",
    traffic: { source: { kind: "preset", id: "azure-code-like" }, rateScale: 4, maxSeconds: 1200 },
    tenants: [{ name: "editors", sloClass: "completion" }],
    sloClasses: [{ name: "completion", ttft: 0.6, tpot: 0.04 }],
    model: "llama-3.1-8b",
    pools: [{ name: "code", gpu: "h100-sxm", replicas: 6 }],
  },
);
