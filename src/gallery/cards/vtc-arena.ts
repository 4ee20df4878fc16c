// Figure 11 of the VTC paper: 27 clients of a chat arena, four of which send most.
import type { MeasuredFigures } from "../../analysis/types.ts";
import type { Card } from "../card.ts";
import { seeded } from "../varied.ts";
import { fairnessOf, logsOf, ordered, served, suiteOf } from "../vtc-suites.ts";

const base = suiteOf("vtc-real");
const SEEDS = 3;
/** Clients with more than 100 of the 1,500 requests. */
const HEAVY: ReadonlySet<string> = new Set(["client 0", "client 2", "client 5", "client 10"]);
/** Mean seconds to the first token over the requests of the 23 other clients, and of these four. */
const CASES = [
  { name: "FCFS light", order: "fcfs", heavy: false, published: 54.732 },
  { name: "FCFS heavy", order: "fcfs", heavy: true, published: 41.117 },
  { name: "VTC light", order: "vtc-artifact", heavy: false, published: 3.445 },
  { name: "VTC heavy", order: "vtc-artifact", heavy: true, published: 65.425 },
] as const;

function waitOf(figures: MeasuredFigures, heavy: boolean): number {
  const tenants = fairnessOf(figures).report.tenants.filter(({ name }) => HEAVY.has(name) === heavy);
  const requests = tenants.reduce((sum, tenant) => sum + tenant.requests, 0);
  return tenants.reduce((sum, tenant) => sum + tenant.requests * tenant.ttftMean!, 0) / requests;
}

export const vtcArena: Card = {
  id: "vtc-arena",
  title: "Four send most, 23 need not wait",
  question: "order",
  topic: "Fairness",
  from: "Virtual token counter, figure 11",
  source: logsOf("runs real under fcfs and vtc: an arena's trace of 27 clients"),
  lesson: "First come lets everybody wait for four clients; the counter lets these four wait for themselves.",
  differences:
    "The trace itself is not part of this page: its clients' rates and quantiles of all lengths are, as one Poisson stream, lengths drawn with three seeds. 1,500 drawn requests differ by 3 % in what they ask for, which is 13 % of what the server cannot serve in time: waits within 30 %, of the clients that hardly wait within 2 s.",
  scenario: base,
  runs: ["fcfs", "vtc-artifact"].flatMap((order) =>
    seeded(order, ordered(base, order), SEEDS).map(({ key, scenario }) => served(key, scenario, [])),
  ),
  read: (of) => {
    const ours = CASES.map(({ order, heavy }) => {
      let sum = 0;
      for (let seed = 1; seed <= SEEDS; seed++) sum += waitOf(of(`${order} ${seed}`), heavy);
      return sum / SEEDS;
    });
    return {
      chart: {
        x: "queue order, clients",
        y: "mean TTFT, s",
        categories: CASES.map(({ name }) => name),
        series: [
          {
            name: "mean TTFT",
            kind: "bars",
            ours: ours.map((wait, i) => [i, wait]),
            published: CASES.map(({ published }, i) => [i, published]),
          },
        ],
      },
      values: CASES.map(({ name, published }, i) => ({
        name: `${name}, mean TTFT`,
        unit: "s",
        published,
        ours: ours[i]!,
        within: name === "VTC light" ? { absolute: 2 } : { relative: 0.3 },
      })),
    };
  },
};
