// The front of the autoscaling lab for Vidur: three service levels between cheap and fast.
import { dominatedArea, formulaHypervolume } from "../../analysis/hypervolume.ts";
import { serviceLevels } from "../../scenario/presets/service-levels.ts";
import type { Card } from "../card.ts";
import { changed, meanOf, seeded } from "../varied.ts";

const SEEDS = 3;
const LEVELS = [1, 2, 3] as const;
const { published, reference } = serviceLevels.sweep!;
const [cost, latency] = reference;
const area = { cost, latency };

export const labFront: Card = {
  id: "lab-front",
  title: "Three service levels, one front",
  question: "replicas",
  topic: "Autoscaling",
  from: "Autoscaling lab for Vidur, part 3",
  source: published.source,
  lesson: "One knob from cheap to fast: each level buys latency with replicas, and none beats another.",
  differences:
    "The points are published, the policy behind them is not: ours has a knob of its own, on the lab's phases drawn anew, three seeds. Asked is a front that is as good: cost of each level within 8 %, P90 at most that of the level, hypervolumes at least.",
  scenario: () => serviceLevels.scenario,
  *runs() {
    for (const level of LEVELS)
      yield* seeded(`level ${level}`, changed(serviceLevels.scenario, [`pools[0].autoscaling.params.level=${level}`]), SEEDS);
  },
  read: (of) => {
    const points = LEVELS.map((level) => ({
      cost: meanOf(of, `level ${level}`, SEEDS, "cost"),
      latency: meanOf(of, `level ${level}`, SEEDS, "e2e.p90"),
    }));
    const theirs = published.points.map(({ x, y }) => ({ cost: x, latency: y }));
    return {
      chart: {
        x: "total cost, $",
        y: "P90 latency, s",
        series: [
          {
            name: "levels",
            kind: "line",
            ours: points.map((point) => [point.cost, point.latency]),
            published: theirs.map((point) => [point.cost, point.latency]),
          },
        ],
      },
      values: [
        ...LEVELS.flatMap((level, i) => [
          { name: `level ${level}, cost`, unit: "$", published: theirs[i]!.cost, ours: points[i]!.cost, within: { relative: 0.08 } },
          { name: `level ${level}, P90`, unit: "s", published: theirs[i]!.latency, ours: points[i]!.latency, within: { atMost: 0.05 } },
        ]),
        {
          name: "hypervolume, by the lab's formula",
          unit: "",
          published: formulaHypervolume(theirs, area),
          ours: formulaHypervolume(points, area),
          within: { atLeast: 0.02 },
        },
        {
          name: "hypervolume, dominated area",
          unit: "",
          published: dominatedArea(theirs, area),
          ours: dominatedArea(points, area),
          within: { atLeast: 0.02 },
        },
      ],
    };
  },
};
