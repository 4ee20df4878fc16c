// The table of the VTC paper's real workload: how far service is from fair, by scheduler.
import type { Scenario } from "../../scenario/types.ts";
import type { Card } from "../card.ts";
import { ARENA, arena, arenaMean, arenaRuns, DRAWN } from "../vtc-arena-traffic.ts";
import { over } from "../signs.ts";
import { fairnessOf, logsOf, ordered } from "../vtc-suites.ts";

const limited = (limit: number): Scenario => ({ ...ordered(arena(), "fcfs"), admission: { id: "rate-limit", params: { limit } } });

/** Mean over the table's times of the windowed difference, per second. */
const CASES = [
  { name: "FCFS", scenario: () => ordered(arena(), "fcfs"), published: 433.53 },
  { name: "VTC", scenario: () => ordered(arena(), "vtc-artifact"), published: 251.66 },
  { name: "oracle", scenario: () => ordered(arena(), "vtc-artifact", { prediction: "oracle" }), published: 227.51 },
  { name: "limit 20", scenario: () => limited(20), published: 195.71 },
  { name: "limit 5", scenario: () => limited(5), published: 83.58 },
] as const;

export const vtcDifferences: Card = {
  id: "vtc-differences",
  title: "How far from fair",
  question: "order",
  topic: "Fairness",
  from: "Virtual token counter, table of the real workload",
  source: `${logsOf("runs real")}; its script's formula: sum over clients of min(best - own, |asked - served|) in windows of 60 s`,
  lesson: "The counter nearly halves the difference; limits do better only by serving less.",
  differences: `${ARENA}. What has to wait decides the difference, and differs from draw to draw: within 30 %, and the order that the table has; that an oracle does better than VTC is less than a draw decides, and is missed.`,
  scenario: () => arena(),
  runs: () => CASES.flatMap(({ name, scenario }) => arenaRuns(name, scenario())),
  read: (of) => {
    const ours = CASES.map(({ name }) => arenaMean(of, name, (figures) => fairnessOf(figures).report.asArtifact.differences.mean));
    const ratio = (above: number, below: number): number => ours[above]! / ours[below]!;
    return {
      chart: {
        x: "scheduler",
        y: "mean difference per second",
        categories: CASES.map(({ name }) => name),
        series: [
          {
            name: "mean difference",
            kind: "bars",
            ours: ours.map((value, i) => [i, value]),
            published: CASES.map(({ published }, i) => [i, published]),
          },
        ],
      },
      values: [
        ...CASES.map(({ name, published }, i) => ({
          name: `${name}, mean difference`,
          unit: "",
          published,
          ours: ours[i]!,
          within: { relative: DRAWN },
        })),
        over("FCFS over VTC: above 1", 1, ratio(0, 1)),
        over("VTC over oracle: above 1", 1, ratio(1, 2)),
        over("limit 20 over limit 5: above 1", 1, ratio(3, 4)),
      ],
    };
  },
};
