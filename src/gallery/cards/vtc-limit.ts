// Figures 12 and 13 of the VTC paper: a limit of requests per minute and client, and what it costs.
import type { Scenario } from "../../scenario/types.ts";
import type { Card, CardPoint } from "../card.ts";
import { ARENA, arena, arenaMean, arenaRuns } from "../vtc-arena-traffic.ts";
import { logsOf, ordered } from "../vtc-suites.ts";

/** Requests per minute; refused of 1,500; answered per second, where the log is published with its times. */
const LIMITS: readonly { readonly limit: number; readonly refused: number; readonly throughput?: number }[] = [
  { limit: 5, refused: 919, throughput: 0.9434 },
  { limit: 10, refused: 600 },
  { limit: 15, refused: 447 },
  { limit: 20, refused: 342, throughput: 1.8179 },
  { limit: 30, refused: 176 },
];
const WITHOUT = { vtc: 1.9844, fcfs: 1.9796 } as const;
const first = LIMITS[0]!.limit;
const last = LIMITS.at(-1)!.limit;

const limited = (limit: number): Scenario => ({ ...ordered(arena(), "fcfs"), admission: { id: "rate-limit", params: { limit } } });

export const vtcLimit: Card = {
  id: "vtc-limit",
  title: "A limit per minute wastes the server",
  question: "order",
  topic: "Fairness",
  from: "Virtual token counter, figures 12 and 13",
  source: logsOf("runs real under limits of 5 to 30 requests per minute, vtc, fcfs"),
  lesson: "A limit that protects others refuses half and leaves idle time; the counter does not.",
  differences: `${ARENA}. Throughput without a limit within 5 %; with one, and requests refused, within 10 %: bursts within a minute, which a limit refuses and which are not in this traffic, are missed the more the higher the limit is.`,
  scenario: () => limited(first),
  runs: () => [
    ...LIMITS.flatMap(({ limit }) => arenaRuns(`${limit}`, limited(limit))),
    ...arenaRuns("vtc", ordered(arena(), "vtc-artifact")),
    ...arenaRuns("fcfs", ordered(arena(), "fcfs")),
  ],
  read: (of) => {
    const rate = (key: string): number => arenaMean(of, key, ({ metrics }) => metrics.throughput!);
    const line = (key: "vtc" | "fcfs"): CardPoint[] => [first, last].map((limit) => [limit, rate(key)]);
    return {
      chart: {
        x: "limit per minute",
        y: "answered per second",
        series: [
          {
            name: "limit",
            kind: "line",
            ours: LIMITS.map(({ limit }) => [limit, rate(`${limit}`)]),
            published: LIMITS.flatMap(({ limit, throughput }): CardPoint[] => (throughput === undefined ? [] : [[limit, throughput]])),
          },
          { name: "VTC", kind: "line", ours: line("vtc"), published: [[last, WITHOUT.vtc]] },
        ],
      },
      values: [
        ...LIMITS.flatMap(({ limit, throughput }) =>
          throughput === undefined
            ? []
            : [
                {
                  name: `limit ${limit}, throughput`,
                  unit: "req/s",
                  published: throughput,
                  ours: rate(`${limit}`),
                  within: { relative: 0.1 },
                },
              ],
        ),
        ...(["vtc", "fcfs"] as const).map((key) => ({
          name: `${key === "vtc" ? "VTC" : "first come"}, throughput`,
          unit: "req/s",
          published: WITHOUT[key],
          ours: rate(key),
          within: { relative: 0.05 },
        })),
        ...LIMITS.map(({ limit, refused }) => ({
          name: `limit ${limit}, refused`,
          unit: "",
          published: refused,
          ours: arenaMean(of, `${limit}`, ({ requests }) => requests.refused),
          within: { relative: 0.1 },
        })),
      ],
    };
  },
};
