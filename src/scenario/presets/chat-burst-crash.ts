// The first thing people see: a busy chat service on two pools, a crash at the height of its burst and a reclaimed spot replica.
// Weights in fp8 on two GPUs leave so few KV blocks that the burst fills them.
import { preset } from "./preset.ts";

export const chatBurstCrash = preset(
  "chat-burst-crash",
  "The fleet has room for the usual traffic, but not for a burst at 9:30 and a crash in the middle of it: see which tenants are late, and for how long.",
  {
    name: "Chat with a burst and a crash",
    seed: 7,
    traffic: {
      source: {
        kind: "preset",
        id: "azure-conversation-like",
        arrivals: {
          id: "piecewise",
          params: {
            ramp: true,
            rates: [
              [0, 16],
              [540, 19],
              [570, 30],
              [690, 30],
              [720, 19],
              [1800, 20],
            ],
          },
        },
      },
      promptScale: 1.5,
      outputScale: 3,
      maxSeconds: 1800,
    },
    tenants: [
      { name: "assistant", share: 0.6, sloClass: "interactive" },
      { name: "coder", share: 0.25, sloClass: "fast" },
      { name: "batch", share: 0.15, sloClass: "relaxed" },
    ],
    sloClasses: [
      { name: "interactive", ttft: 2, tpot: 0.1 },
      { name: "fast", ttft: 1, tpot: 0.06 },
      { name: "relaxed", e2e: 120 },
    ],
    model: "llama-3.1-70b",
    pools: [
      {
        name: "chat",
        gpu: "h100-sxm",
        replicas: 9,
        tensorParallel: 2,
        startupSeconds: 180,
        batching: { id: "sarathi", params: { chunk: 512, batchCap: 96 } },
        latency: { id: "roofline", params: { weights: "fp8" } },
      },
      {
        name: "spot",
        gpu: "a100-80-sxm",
        replicas: 4,
        tensorParallel: 2,
        startupSeconds: 180,
        batching: { id: "sarathi", params: { chunk: 512, batchCap: 96 } },
        latency: { id: "roofline", params: { weights: "fp8" } },
      },
    ],
    faults: [
      { at: 630, kind: "crash", pool: "chat", replica: 3, replaceAfter: 60 },
      { at: 1380, kind: "reclaim", pool: "spot", replica: 2 },
    ],
  },
);
