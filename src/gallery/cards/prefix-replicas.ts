// What more replicas do to prefix caches: spread at random, each knows less; sent by prefix, all is found as before.
import { prefixRouting } from "../../scenario/presets/prefix-routing.ts";
import type { Card, CardPoint } from "../card.ts";
import { changed } from "../varied.ts";

const REPLICAS = [1, 2, 4, 8, 16] as const;
const ROUTERS = {
  "prefix-aware": [],
  "power of two": ['routing={"id":"ray-power-of-two","params":{"maxOngoing":20}}'],
} as const satisfies Readonly<Record<string, readonly string[]>>;
const NAMES = Object.keys(ROUTERS) as (keyof typeof ROUTERS)[];

export const prefixReplicas: Card = {
  id: "prefix-replicas",
  title: "More replicas, fewer hits",
  question: "place",
  topic: "Routing",
  from: "Ray 2.49, prefix cache affinity",
  source:
    "release of Ray's PrefixCacheAffinityRouter: the hit rate stays flat as replicas are added, while that of power of two decays (a curve without numbers)",
  lesson: "Power of two scatters what belongs together; by prefix nothing is lost.",
  differences:
    "Published is the shape: flat means that 16 replicas find what one finds, within 10 %; decay, that power of two finds less than half. One seed of the benchmark with 40 requests in flight.",
  scenario: () => changed(prefixRouting.scenario, ["pools[0].replicas=16"]),
  runs: () =>
    NAMES.flatMap((router) =>
      REPLICAS.map((replicas) => ({
        key: `${router} ${replicas}`,
        scenario: changed(prefixRouting.scenario, [...ROUTERS[router], `pools[0].replicas=${replicas}`]),
      })),
    ),
  read: (of) => {
    const hits = (router: string, replicas: number): number => 100 * of(`${router} ${replicas}`).metrics.hits!;
    const kept = (router: string): number => (100 * hits(router, 16)) / hits(router, 1);
    return {
      chart: {
        x: "replicas",
        y: "prompt tokens found, %",
        series: NAMES.map((name) => ({
          name,
          kind: "line",
          ours: REPLICAS.map((replicas): CardPoint => [replicas, hits(name, replicas)]),
          published: [],
        })),
      },
      values: [
        { name: "prefix-aware, 16 replicas against one", unit: "%", published: 100, ours: kept("prefix-aware"), within: { relative: 0.1 } },
        {
          name: "power of two, 16 replicas against one: less than half",
          unit: "%",
          published: 50,
          ours: kept("power of two"),
          within: { atMost: 0 },
        },
      ],
    };
  },
};
