// Figure 11 of the VTC paper: 27 clients of a chat arena, four of which send most.
import type { MeasuredFigures } from "../../analysis/types.ts";
import type { Card } from "../card.ts";
import { ARENA, arena, arenaMean, arenaRuns, DRAWN } from "../vtc-arena-traffic.ts";
import { fairnessOf, lightTtft, logsOf, ordered } from "../vtc-suites.ts";

/** Clients with more than 100 of the 1,500 requests. */
const HEAVY: ReadonlySet<string> = new Set(["client 0", "client 2", "client 5", "client 10"]);
/** Mean seconds to the first token over the requests of the 23 other clients, and of these four. */
const CASES = [
  { name: "FCFS, 23", order: "fcfs", heavy: false, published: 54.732 },
  { name: "FCFS, 4", order: "fcfs", heavy: true, published: 41.117 },
  { name: "VTC, 23", order: "vtc-artifact", heavy: false, published: 3.445 },
  { name: "VTC, 4", order: "vtc-artifact", heavy: true, published: 65.425 },
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
  differences: `${ARENA}. 1,500 lengths differ from draw to draw by 3 % in the work that they are, a fifth of which has to wait: waits within 30 %, of the clients that hardly wait within 2 s.`,
  scenario: () => arena(),
  runs: () => ["fcfs", "vtc-artifact"].flatMap((order) => arenaRuns(order, ordered(arena(), order))),
  read: (of) => {
    const ours = CASES.map(({ order, heavy }) => arenaMean(of, order, (figures) => waitOf(figures, heavy)));
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
      values: CASES.map(({ name, published }, i) =>
        name === "VTC, 23"
          ? lightTtft(`${name} clients, mean TTFT`, published, ours[i]!)
          : { name: `${name} clients, mean TTFT`, unit: "s", published, ours: ours[i]!, within: { relative: DRAWN } },
      ),
    };
  },
};
