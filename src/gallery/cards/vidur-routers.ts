// Vidur's routers on an arriving conversation: 500 requests on Qwen2-7B, two replicas or four.
import { complete } from "../../scenario/complete.ts";
import type { Scenario } from "../../scenario/types.ts";
import type { Card } from "../card.ts";
import { meanOf, seeded } from "../varied.ts";

const SEEDS = 5;
/** A line through Vidur's own times of 300 batches of this model on one A30 (mean error 5 %): seconds per token, per token of context, and per iteration. */
const LATENCY = { coefficients: "custom", perToken: 1.219e-4, perRequest: 0, perContext: 5.24e-8, fixed: 0.01854 };
/** The trace's requests per second in steps of ten seconds, and its lengths at every twentieth of its requests. */
const RATES = [1.3, 1.8, 2.8, 3, 5.8, 4.4, 5.1, 4.4, 4.6, 3.9, 3.9, 4.6, 4.9];
const PROMPTS = [2, 120, 181, 203, 209, 380, 399, 416, 879, 958, 999, 1018, 1037, 1064, 1085, 1106, 1132, 1176, 1314, 2584, 4069];
const OUTPUTS = [12, 38, 60, 84, 93, 108, 140, 162, 181, 205, 217, 377, 388, 394, 396, 403, 414, 421, 429, 456, 652];
const quantiles = (tokens: readonly number[]): number[][] => tokens.map((value, i) => [i / (tokens.length - 1), value]);

/** Vidur's "lor" counts who waits, and gives ties to the first. */
const ROUTERS = {
  "in turn": { id: "round-robin" },
  "at random": { id: "random" },
  "who waits": { id: "least-outstanding", params: { waitingOnly: true, tiesToFirst: true } },
} as const;

const fleet = (router: keyof typeof ROUTERS, replicas: number): Scenario =>
  complete({
    name: `A conversation, routed: ${router}`,
    traffic: {
      source: {
        kind: "synthetic",
        arrivals: { id: "piecewise", params: { rates: RATES.map((rate, i) => [10 * i, rate]) } },
        lengths: { id: "quantiles", params: { prompt: quantiles(PROMPTS), output: quantiles(OUTPUTS) } },
      },
      maxRequests: 500,
      maxSeconds: null,
    },
    sloClasses: [{ name: "standard", e2e: 15 }],
    model: "qwen2.5-7b",
    pools: [
      {
        // The catalog has no A30: an A10G has as much memory, and times and blocks are given.
        name: "a30",
        gpu: "a10g",
        replicas,
        batching: { id: "vllm", params: { batchCap: 43, maxTokens: 4096 } },
        latency: { id: "linear", params: LATENCY },
        kv: { blocks: 11_008 },
      },
    ],
    routing: ROUTERS[router],
  });

/** Mean latency, s. */
const CASES = [
  { router: "in turn", replicas: 2, published: 8.494 },
  { router: "at random", replicas: 2, published: 8.609 },
  { router: "who waits", replicas: 2, published: 12.559 },
  { router: "in turn", replicas: 4, published: 6.63 },
  { router: "at random", replicas: 4, published: 6.788 },
  { router: "who waits", replicas: 4, published: 11.808 },
] as const;
const nameOf = ({ router, replicas }: (typeof CASES)[number]): string => `${router}, ${replicas}`;

export const vidurRouters: Card = {
  id: "vidur-routers",
  title: "Counting only who waits",
  question: "place",
  topic: "Routing",
  from: "Vidur: round robin, random, lor",
  source:
    "microsoft/vidur at 7d47513, run by us on its Qwen2-7B profile, one A30 per replica, 500 requests of a conversation trace: mean latency",
  lesson: "Where hardly anybody waits, counting who waits sends nearly all to one replica.",
  differences:
    "Requests are drawn by the trace's rate and quantiles of its lengths, means over five seeds; a straight line through 300 of Vidur's batches stands for its profile, 5 % off in the mean. Both together, and 500 lengths: within 12 %. The line is 3 to 6 % too fast for small batches of decodes, and a replica that gets nearly all multiplies that: counting who waits is missed. An A10G stands where Vidur has an A30, which is not in the catalog: its times and its KV blocks are given. With the trace and the profile themselves the runs agree to a ten-thousandth (conformance suite vidur).",
  scenario: () => fleet("who waits", 4),
  runs: () => CASES.flatMap((entry) => seeded(nameOf(entry), fleet(entry.router, entry.replicas), SEEDS)),
  read: (of) => {
    const ours = CASES.map((entry) => meanOf(of, nameOf(entry), SEEDS, "e2e.mean"));
    return {
      chart: {
        x: "replicas",
        y: "mean latency, s",
        categories: ["2 replicas", "4 replicas"],
        series: Object.keys(ROUTERS).map((name) => {
          const own = CASES.map((entry, i) => ({ ...entry, ours: ours[i]! })).filter(({ router }) => router === name);
          return {
            name,
            kind: "line",
            ours: own.map((entry, i) => [i, entry.ours]),
            published: own.map(({ published }, i) => [i, published]),
          };
        }),
      },
      values: [
        ...CASES.map((entry, i) => ({
          name: `${nameOf(entry)} replicas, mean latency`,
          unit: "s",
          published: entry.published,
          ours: ours[i]!,
          within: { relative: 0.12 },
        })),
        {
          name: "who waits over in turn, 4 replicas",
          unit: "",
          published: 11.808 / 6.63,
          ours: ours[5]! / ours[3]!,
          within: { relative: 0.12 },
        },
      ],
    };
  },
};
