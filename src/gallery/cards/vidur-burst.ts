// Vidur's schedulers under a burst: 150 equal requests at once on Llama-2-70B, one replica or four.
import { complete } from "../../scenario/complete.ts";
import type { Scenario } from "../../scenario/types.ts";
import type { Card } from "../card.ts";

/** A line through Vidur's own times of 300 batches of this model on two A100 (mean error 6 %): seconds per token, per token of context, and per iteration. */
const LATENCY = { coefficients: "custom", perToken: 3.105e-4, perRequest: 0, perContext: 7.47e-8, fixed: 0.0507 };

const fleet = (scheduler: "vllm" | "sarathi", replicas: number): Scenario =>
  complete({
    name: "150 requests at once",
    traffic: {
      source: {
        kind: "synthetic",
        arrivals: { id: "closed-loop", params: { concurrency: 150 } },
        lengths: { id: "fixed", params: { prompt: 700, output: 64 } },
      },
      maxRequests: 150,
      maxSeconds: null,
    },
    sloClasses: [{ name: "standard", e2e: 30 }],
    model: "llama-2-70b",
    pools: [
      {
        name: "a100",
        gpu: "a100-80-sxm",
        tensorParallel: 2,
        replicas,
        batching:
          scheduler === "vllm"
            ? { id: "vllm", params: { batchCap: 52, maxTokens: 4096 } }
            : { id: "sarathi", params: { batchCap: 52, chunk: 512 } },
        latency: { id: "linear", params: LATENCY },
        kv: { blocks: 3328 },
      },
    ],
    routing: { id: "least-outstanding" },
  });

const CASES = [
  { name: "vllm 1", scenario: fleet("vllm", 1), mean: 32.835503, makespan: 49.080796 },
  { name: "sarathi 1", scenario: fleet("sarathi", 1), mean: 33.539638, makespan: 48.219456 },
  { name: "vllm 4", scenario: fleet("vllm", 4), mean: 13.290211, makespan: 13.418909 },
  { name: "sarathi 4", scenario: fleet("sarathi", 4), mean: 13.001465, makespan: 14.685615 },
] as const;

export const vidurBurst: Card = {
  id: "vidur-burst",
  title: "A burst, two schedulers",
  question: "order",
  topic: "Scheduling",
  from: "Vidur: vllm (prefill first), sarathi (chunks)",
  source:
    "microsoft/vidur at 7d47513, run by us on its Llama-2-70B profile, two A100 per replica: mean latency and time to the last answer",
  lesson: "In a burst iterations count, not their order: both end together, replicas divide the time.",
  differences:
    "Vidur takes batch times from its profiles by a random forest; here a straight line through 300 of its batches stands for them, 6 % off in the mean: within 8 %. With the profiles themselves the runs agree to a ten-thousandth (conformance suite vidur).",
  scenario: () => fleet("vllm", 1),
  runs: () => CASES.map(({ name, scenario }) => ({ key: name, scenario })),
  read: (of) => ({
    chart: {
      x: "scheduler, replicas",
      y: "mean latency, s",
      categories: CASES.map(({ name }) => name),
      series: [
        {
          name: "mean latency",
          kind: "bars",
          ours: CASES.map(({ name }, i) => [i, of(name).metrics["e2e.mean"]!]),
          published: CASES.map(({ mean }, i) => [i, mean]),
        },
      ],
    },
    values: CASES.flatMap(({ name, mean, makespan }) => [
      { name: `${name}, mean latency`, unit: "s", published: mean, ours: of(name).metrics["e2e.mean"]!, within: { relative: 0.08 } },
      { name: `${name}, last answer`, unit: "s", published: makespan, ours: of(name).makespan, within: { relative: 0.08 } },
    ]),
  }),
};
