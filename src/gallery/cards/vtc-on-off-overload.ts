// Figure 6 of the VTC paper: a client that comes and goes, but asks for more than its share in the mean.
import type { Card } from "../card.ts";
import { under } from "../signs.ts";
import { fairnessOf, ordered, overMinutes, served, shareOf, shareValue, suiteOf, ticksTo } from "../vtc-suites.ts";

const base = suiteOf("vtc-on-off-overload");
const AT = ticksTo(580);

export const vtcOnOffOverload: Card = {
  id: "vtc-on-off-overload",
  title: "Pauses do not cost a backlog",
  question: "order",
  topic: "Fairness",
  from: "Virtual token counter, figure 6",
  source: "Sheng et al., Fairness in Serving Large Language Models, OSDI 2024: figure 6 and the bound 2U of its theorem 1",
  lesson: "A client with a backlog gets half, whether it sends just now or not.",
  differences:
    "No log of this run is published. Asked is what the figure shows and theorem 1 says: half of the service each, within 3 points, and a drift between the two that stays under 2U.",
  scenario: () => base,
  runs: () => [served("vtc", ordered(base, "vtc"), AT)],
  read: (of) => {
    const { service, report } = fairnessOf(of("vtc"));
    return {
      chart: {
        x: "minutes",
        y: "service per second",
        series: [0, 1].map((client) => ({
          name: `client ${client}`,
          kind: "line",
          ours: overMinutes(AT, service[client]!),
          published: [],
        })),
      },
      values: [
        shareValue("client 0, share of the service: half", 50, shareOf(service, 0, AT, 60, 560)),
        under("largest drift: under 2U", 40_000, report.byTokens.largestDrift),
      ],
    };
  },
};
