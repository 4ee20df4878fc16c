// Replica counts of the autoscaling lab: what each service level has running over the hour.
import type { FleetSteps } from "../../analysis/experiment.ts";
import { serviceLevels } from "../../scenario/presets/service-levels.ts";
import type { Card, CardPoint } from "../card.ts";
import { changed } from "../varied.ts";

const LEVELS = [1, 3] as const;
/** Points of the drawn line: more than a thumbnail can show are no use. */
const POINTS = 180;

/** Steps as the lab plots them, thinned to the count at evenly spaced moments. */
const curve = ({ at, serving, end }: FleetSteps): CardPoint[] => {
  let row = 0;
  return Array.from({ length: POINTS + 1 }, (_, i): CardPoint => {
    const time = (end * i) / POINTS;
    while (row + 1 < at.length && at[row + 1]! <= time) row++;
    return [time / 60, serving[row] ?? 0];
  });
};

export const labReplicas: Card = {
  id: "lab-replicas",
  title: "Replicas follow the load",
  question: "replicas",
  topic: "Autoscaling",
  from: "Autoscaling lab for Vidur, replica counts",
  source:
    "notebook of the lab's release, github.com/Nisarg-M-Patel/vidur_autoscaling: one to seven replicas, 8 to 56 dollars an hour, total cost of its levels",
  lesson: "Both levels follow the rate up and down; the faster one keeps about one replica more.",
  differences:
    "The lab ran one recorded trace; here its phases are drawn with one seed. Mean replicas are the published cost of an hour over the price of a replica, 8 dollars: within 8 %; the most at one time: within one.",
  scenario: () => serviceLevels.scenario,
  runs: () =>
    LEVELS.map((level) => ({
      key: `level ${level}`,
      scenario: changed(serviceLevels.scenario, [`pools[0].autoscaling.params.level=${level}`]),
    })),
  read: (of) => ({
    chart: {
      x: "minutes",
      y: "replicas",
      series: LEVELS.map((level) => ({ name: `level ${level}`, kind: "step", ours: curve(of(`level ${level}`).fleet), published: [] })),
    },
    values: [
      // An hour at 8 dollars per replica: cost over 8 is the mean number of replicas.
      { name: "level 1, mean replicas", unit: "", published: 36.079 / 8, ours: of("level 1").meanReplicas, within: { relative: 0.08 } },
      { name: "level 3, mean replicas", unit: "", published: 40.6573 / 8, ours: of("level 3").meanReplicas, within: { relative: 0.08 } },
      { name: "most replicas", unit: "", published: 7, ours: of("level 3").maxReplicas, within: { absolute: 1 } },
    ],
  }),
};
