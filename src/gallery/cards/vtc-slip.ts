// Figure 8 of the VTC paper: long prompts beside long outputs, and what a slip in the counters does to the bound.
import type { Card } from "../card.ts";
import { over, under } from "../signs.ts";
import { fairnessOf, ordered, overMinutes, served, suiteOf, ticksTo } from "../vtc-suites.ts";

const base = suiteOf("vtc-short-long-2");
const AT = ticksTo(580);
const BOUND = 40_000;
const ORDERS = [
  { order: "vtc", name: "VTC" },
  { order: "vtc-artifact", name: "with the slip" },
  { order: "fcfs", name: "first come" },
] as const;

export const vtcSlip: Card = {
  id: "vtc-slip",
  title: "One token too many breaks the bound",
  question: "order",
  topic: "Fairness",
  from: "Virtual token counter, figure 8",
  source:
    "Sheng et al., Fairness in Serving Large Language Models, OSDI 2024: figure 8, bound 2U of its theorem 1; the slip stands in the artifact's code, github.com/Ying1123/VTC-artifact at 192c2e2",
  lesson: "Charged once more at each end, long outputs beside short ones pay: no bound holds.",
  differences:
    "No log of these runs is at hand: asked are signs. Drift while both wait stays under 2U by the paper's counters, passes it by those of the artifact's code; first come passes it many times over. Drawn is the gap of both counters.",
  scenario: () => base,
  runs: () => ORDERS.map(({ order }) => served(order, ordered(base, order), AT)),
  read: (of) => {
    const drift = (order: string): number => fairnessOf(of(order)).report.byTokens.largestDrift;
    return {
      chart: {
        x: "minutes",
        y: "service gap, thousand",
        series: ORDERS.filter(({ order }) => order !== "fcfs").map(({ order, name }) => ({
          name,
          kind: "line",
          ours: overMinutes(AT, fairnessOf(of(order)).gap, 1000),
          published: [],
        })),
      },
      values: [
        under("VTC, largest drift: under 2U", BOUND, drift("vtc")),
        over("with the slip, largest drift: over 2U", BOUND, drift("vtc-artifact")),
        over("first come, largest drift: over 2U", BOUND, drift("fcfs")),
      ],
    };
  },
};
