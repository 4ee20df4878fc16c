// Ray's prefix routing benchmark: what its router changes against power of two choices.
import { prefixRouting } from "../../scenario/presets/prefix-routing.ts";
import type { Card } from "../card.ts";
import { changed, meanOf, seeded } from "../varied.ts";

const SEEDS = 10;
const ROUTERS = ["power of two", "prefix-aware"] as const;
const CHANGES: Readonly<Record<(typeof ROUTERS)[number], readonly string[]>> = {
  "power of two": ['routing={"id":"ray-power-of-two","params":{"maxOngoing":20}}'],
  "prefix-aware": [],
};
/** Requests per second of the two routers. */
const PUBLISHED = [15.16, 17.73] as const;

export const prefixBenchmark: Card = {
  id: "prefix-benchmark",
  title: "Follow the shared prefix",
  question: "place",
  topic: "Routing",
  from: "Ray's prefix-aware routing benchmark",
  source: "results kept with ray-project/ray under _benchmarking_scripts: 4 L4, Qwen2.5-1.5B, 40 requests in flight",
  lesson: "Sent to whoever has the beginning, prompts need half the work: a sixth more per second.",
  differences:
    "Means over ten seeds. Published runs repeat to 1 %. Throughput within 5 %, changes within 5 points. TTFT is that of the engines, as a simulated fleet has it; through the benchmark's client it changed by -29.5 %. The L4's compute is scaled to the prompt times measured under power of two; nothing else is fitted.",
  scenario: () => prefixRouting.scenario,
  runs: () => ROUTERS.flatMap((router) => seeded(router, changed(prefixRouting.scenario, CHANGES[router]), SEEDS)),
  read: (of) => {
    const [two, prefix] = ROUTERS.map((router) => ({
      throughput: meanOf(of, router, SEEDS, "throughput"),
      ttft: meanOf(of, router, SEEDS, "ttft.mean"),
      tpot: meanOf(of, router, SEEDS, "tpot.mean"),
    })) as [Record<"throughput" | "ttft" | "tpot", number>, Record<"throughput" | "ttft" | "tpot", number>];
    const change = (key: "throughput" | "ttft" | "tpot"): number => 100 * (prefix[key] / two[key] - 1);
    return {
      chart: {
        x: "router",
        y: "requests/s",
        categories: ROUTERS,
        series: [
          {
            name: "requests/s",
            kind: "bars",
            ours: [two, prefix].map(({ throughput }, i) => [i, throughput]),
            published: PUBLISHED.map((value, i) => [i, value]),
          },
        ],
      },
      values: [
        ...ROUTERS.map((router, i) => ({
          name: `${router}, throughput`,
          unit: "req/s",
          published: PUBLISHED[i]!,
          ours: [two, prefix][i]!.throughput,
          within: { relative: 0.05 },
        })),
        { name: "change of throughput", unit: "%", published: 16.9, ours: change("throughput"), within: { absolute: 5 } },
        { name: "change of mean TTFT, at the engines", unit: "%", published: -39, ours: change("ttft"), within: { absolute: 5 } },
        { name: "change of mean TPOT", unit: "%", published: -15, ours: change("tpot"), within: { absolute: 5 } },
      ],
    };
  },
};
