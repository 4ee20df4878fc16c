// Figure 14 of the VTC paper: the gap against the length of requests and the size of the KV pool.
import type { Card, CardPoint } from "../card.ts";
import { over, under } from "../signs.ts";
import { fairnessOf, logsOfA100, ordered, served, suiteOf } from "../vtc-suites.ts";

/** The figure's ticks after its warm-up, seconds. */
const AT = Array.from({ length: 16 }, (_, i) => 120 + 30 * i);
/** `published`: the largest gap at the ticks, of requests that ended after 120 s; null where no log is. `bound`: 2U. */
const CASES = [
  { name: "256", suite: "vtc-s4-35000-256", published: 31952.3, bound: 140_000 },
  { name: "512", suite: "vtc-s4-35000-512", published: null, bound: 140_000 },
  { name: "768", suite: "vtc-s4-35000-768", published: 50269.9, bound: 140_000 },
  { name: "512, 65k", suite: "vtc-s4-65000-512", published: 69192.5, bound: 260_000 },
] as const;

export const vtcPool: Card = {
  id: "vtc-pool",
  title: "Longer requests, larger pool, larger gap",
  question: "order",
  topic: "Fairness",
  from: "Virtual token counter, figure 14",
  source: logsOfA100("runs overload-s4 with 35,000 and 65,000 tokens of KV cache"),
  lesson: "The gap grows with what a batch can hold, and stays under its bound.",
  differences:
    "The figure leaves out requests that ended in its first 120 s, which adds a constant to its gaps; ours counts all. Gaps are whose turn it happens to be, so asked are: at most the published largest gap, under the bound 2U, and larger for longer requests and the larger pool.",
  scenario: () => suiteOf("vtc-s4-35000-512"),
  runs: () => CASES.map(({ name, suite }) => served(name, ordered(suiteOf(suite), "vtc-artifact"), AT)),
  read: (of) => {
    const gaps = CASES.map(({ name }) => Math.max(...fairnessOf(of(name)).gap));
    const ratio = (above: number, below: number): number => gaps[above]! / gaps[below]!;
    return {
      chart: {
        x: "tokens in and out, KV pool",
        y: "largest gap, thousand",
        categories: CASES.map(({ name }) => name),
        series: [
          {
            name: "largest gap",
            kind: "bars",
            ours: gaps.map((gap, i) => [i, gap / 1000]),
            published: CASES.flatMap(({ published }, i): CardPoint[] => (published === null ? [] : [[i, published / 1000]])),
          },
        ],
      },
      values: [
        ...CASES.flatMap(({ name, published }, i) =>
          published === null ? [] : [under(`${name}, largest gap: at most the published one`, published, gaps[i]!)],
        ),
        ...CASES.map(({ name, bound }, i) => under(`${name}, largest gap: under 2U`, bound, gaps[i]!)),
        over("lengths 768 over 256: above 1", 1, ratio(2, 0)),
        over("pool 65,000 over 35,000, lengths 512: above 1", 1, ratio(3, 1)),
      ],
    };
  },
};
