// The first thing people see: a busy chat service on two pools, a crash at its peak and a reclaimed spot replica.
import { preset } from "./preset.ts";

export const chatBurstCrash = preset(
  "chat-burst-crash",
  "The fleet has room for the usual traffic, but neither for the burst at 9:30 nor for a crash at 15:00: see which tenants are late, and for how long.",
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
              [0, 15],
              [540, 18],
              [570, 33],
              [690, 33],
              [720, 18],
              [1800, 21],
            ],
          },
        },
      },
      promptScale: 1.5,
      outputScale: 2,
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
        replicas: 5,
        tensorParallel: 4,
        startupSeconds: 180,
        batching: { id: "sarathi", params: { chunk: 1024, batchCap: 128 } },
      },
      {
        name: "spot",
        gpu: "a100-80-sxm",
        replicas: 4,
        tensorParallel: 4,
        startupSeconds: 180,
        batching: { id: "sarathi", params: { chunk: 512, batchCap: 96 } },
      },
    ],
    faults: [
      { at: 900, kind: "crash", pool: "chat", replica: 2, replaceAfter: 60 },
      { at: 1380, kind: "reclaim", pool: "spot", replica: 2 },
    ],
  },
);
