// One server with equal jobs: the M/D/1 queue of the textbooks. One-token answers and one request at a time make the service time constant.
import { preset } from "./preset.ts";

export const oneGpuQueue = preset(
  "one-gpu-queue",
  "Raise the rate towards what one GPU can serve and watch the mean wait grow as load / (1 - load): the M/D/1 queue.",
  {
    name: "One GPU, equal jobs",
    traffic: {
      source: {
        kind: "synthetic",
        arrivals: { id: "poisson", params: { rate: 2.5 } },
        lengths: { id: "fixed", params: { prompt: 4096, output: 1 } },
      },
      maxSeconds: 900,
    },
    sloClasses: [{ name: "standard", ttft: 1 }],
    pools: [{ name: "one", gpu: "a100-80-sxm", replicas: 1, batching: { id: "vllm", params: { batchCap: 1 } } }],
  },
);
