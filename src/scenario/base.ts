// The scenario that a scenario file or link differs from. Part of the stored format: a file or link names only what differs from these
// values, so a change here needs a new scenario version and an upgrader that writes the old values down (docs/formats.md).
import { SCENARIO_VERSION } from "./types.ts";
import type { Choice, Fault, Pool, Scenario, SloClass, Tenant } from "./types.ts";

/** What a class that gives only its name gets: no limit at all. */
export const baseSloClass: Omit<SloClass, "name"> = { ttft: null, tpot: null, e2e: null };

export const baseTenant: Omit<Tenant, "name"> = { share: 1, sloClass: "standard", weight: 1 };

/** Stands in no scenario that does not choose another one, so that scenarios from before this choice keep their hash. */
export const BASE_KV_PLAN: Choice = { id: "memory" };

/** The same goes for the order of waiting queues. */
export const BASE_ORDERING: Choice = { id: "fcfs" };

export const basePool: Omit<Pool, "name"> = {
  role: "mixed",
  gpu: "h100-sxm",
  replicas: 4,
  tensorParallel: 1,
  pipelineParallel: 1,
  pricePerGpuHour: null,
  gpusPerNode: null,
  paidFrom: "order",
  batching: { id: "sarathi" },
  latency: { id: "roofline" },
  autoscaling: { id: "fixed" },
  startupSeconds: 120,
  loadGbytesPerS: null,
  scaleDownSeconds: 0,
  minReplicas: 1,
  maxReplicas: 64,
  kv: { blockSize: 16, memoryUtilisation: 0.9, blocks: null },
};

export const baseFault: Omit<Fault, "at" | "pool"> = { kind: "crash", replica: 1, replaceAfter: null };

export const defaultScenario: Scenario = {
  version: SCENARIO_VERSION,
  name: "Untitled",
  seed: 1,
  traffic: {
    source: { kind: "preset", id: "azure-conversation-like" },
    rateScale: 1,
    promptScale: 1,
    outputScale: 1,
    maxRequests: null,
    maxSeconds: 600,
  },
  tenants: [{ name: "everyone", ...baseTenant }],
  sloClasses: [{ name: "standard", ttft: 2, tpot: 0.1, e2e: null }],
  model: "llama-3.1-8b",
  pools: [{ name: "main", ...basePool }],
  routing: { id: "least-outstanding" },
  loadStaleness: 0,
  admission: { id: "none" },
  faults: [],
  network: { gbytesPerS: 25, latencyS: 0.00001 },
};
