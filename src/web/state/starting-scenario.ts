// What the page opens with when the address names nothing else.
import type { Scenario } from "../../scenario/types.ts";

export const STARTING_SCENARIO: Scenario = {
  version: 1,
  name: "Conversation traffic",
  seed: 7,
  traffic: {
    source: { kind: "preset", id: "azure-conversation-2023" },
    rateScale: 1,
    promptScale: 1,
    outputScale: 1,
    maxRequests: null,
    maxSeconds: 1800,
  },
  tenants: [{ name: "default", share: 1, sloClass: "interactive", weight: 1 }],
  sloClasses: [{ name: "interactive", ttft: 2, tpot: 0.08, e2e: null }],
  model: "llama-3.1-70b",
  pools: [
    {
      name: "chat",
      role: "mixed",
      gpu: "h100-sxm",
      replicas: 8,
      tensorParallel: 4,
      pipelineParallel: 1,
      pricePerGpuHour: null,
      batching: { id: "sarathi" },
      latency: { id: "roofline" },
      autoscaling: { id: "fixed" },
      startupSeconds: 45,
      kv: { blockSize: 16, memoryUtilisation: 0.9, blocks: null },
    },
  ],
  routing: { id: "least-outstanding" },
  loadStaleness: 0,
  admission: { id: "none" },
  faults: [],
  network: { gbytesPerS: 25, latencyS: 0.001 },
};
