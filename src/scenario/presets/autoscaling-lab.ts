// The autoscaling lab for Vidur (github.com/Nisarg-M-Patel/vidur_autoscaling): its traffic by phases, its fleet of 4-GPU nodes at 8 dollars an hour, its
// delays. Requests of 256 prompt tokens and one output token, so a table by tokens gives the batch times of its simulator.
import type { ScenarioDraft } from "../complete.ts";

/** The lab with an autoscaler. */
export const autoscalingLab = (name: string, autoscaling: { readonly id: string }): ScenarioDraft => ({
  name,
  traffic: {
    source: {
      kind: "synthetic",
      arrivals: {
        id: "piecewise",
        params: {
          rates: [
            [0, 20],
            [1200, 30],
            [1800, 50],
            [3000, 40],
          ],
        },
      },
      lengths: { id: "fixed", params: { prompt: 256, output: 1 } },
    },
    maxSeconds: 3600,
  },
  // The latency at which the lab's hypervolume ends.
  sloClasses: [{ name: "standard", e2e: 0.5 }],
  model: "llama-3-70b",
  pools: [
    {
      name: "lab",
      gpu: "a100-80-sxm",
      replicas: 1,
      tensorParallel: 4,
      pricePerGpuHour: 2,
      gpusPerNode: 4,
      paidFrom: "ready",
      startupSeconds: 10,
      batching: { id: "vllm", params: { batchCap: 16 } },
      latency: { id: "token-table" },
      autoscaling,
    },
  ],
  routing: { id: "round-robin" },
});
