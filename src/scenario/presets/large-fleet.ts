// A fleet of 256 replicas, for the strip view and for the speed of the engine.
import { preset } from "./preset.ts";

export const largeFleet = preset(
  "large-fleet",
  "256 replicas in one view: with random routing some always queue while others idle. Switch to least outstanding.",
  {
    name: "256 replicas",
    traffic: { source: { kind: "preset", id: "azure-conversation-like" }, rateScale: 330, maxSeconds: 120 },
    sloClasses: [{ name: "standard", ttft: 0.5, tpot: 0.03 }],
    pools: [{ name: "main", gpu: "a100-80-sxm", replicas: 256 }],
    routing: { id: "random" },
  },
);
