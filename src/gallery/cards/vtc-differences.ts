// The table of the VTC paper's real workload: how far service is from fair, by scheduler.
import type { Card } from "../card.ts";
import { changed, seeded } from "../varied.ts";
import { fairnessOf, logsOf, ordered, over, served, suiteOf } from "../vtc-suites.ts";

const base = suiteOf("vtc-real");
const SEEDS = 3;
const limited = (limit: number) => changed(ordered(base, "fcfs"), [`admission={"id":"rate-limit","params":{"limit":${limit}}}`]);

/** Mean over the table's times of the windowed difference, per second. */
const CASES = [
  { name: "FCFS", scenario: ordered(base, "fcfs"), published: 433.53 },
  { name: "VTC", scenario: ordered(base, "vtc-artifact"), published: 251.66 },
  { name: "oracle", scenario: ordered(base, '{"id":"vtc-artifact","params":{"prediction":"oracle"}}'), published: 227.51 },
  { name: "limit 20", scenario: limited(20), published: 195.71 },
  { name: "limit 5", scenario: limited(5), published: 83.58 },
] as const;

export const vtcDifferences: Card = {
  id: "vtc-differences",
  title: "How far from fair",
  question: "order",
  topic: "Fairness",
  from: "Virtual token counter, table of the real workload",
  source: `${logsOf("runs real")}; its script's formula: sum over clients of min(best - own, |asked - served|) in windows of 60 s`,
  lesson: "The counter nearly halves the difference, knowing the lengths helps a little; limits do better only by serving less.",
  differences:
    "The trace itself is not part of this page: its clients' rates and quantiles of all lengths are, as one Poisson stream, lengths drawn with three seeds. What is drawn decides how much must wait, to 13 %: mean differences within 30 %, and the order that the table has.",
  scenario: base,
  runs: CASES.flatMap(({ name, scenario }) => seeded(name, scenario, SEEDS).map((run) => served(run.key, run.scenario, []))),
  read: (of) => {
    const ours = CASES.map(({ name }) => {
      let sum = 0;
      for (let seed = 1; seed <= SEEDS; seed++) sum += fairnessOf(of(`${name} ${seed}`)).report.asArtifact.differences.mean;
      return sum / SEEDS;
    });
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
          within: { relative: 0.3 },
        })),
        over("FCFS over VTC: above 1", 1, ratio(0, 1)),
        over("VTC over oracle: above 1", 1, ratio(1, 2)),
        over("limit 20 over limit 5: above 1", 1, ratio(3, 4)),
      ],
    };
  },
};
