// Figure 4 of the VTC paper: two clients below their share, one above it: who waits?
import type { Card } from "../card.ts";
import { busyTtft, lastAnswer, logsOf, ordered, served, suiteOf, ttftOf } from "../vtc-suites.ts";

const base = suiteOf("vtc-proportional");
const CLIENTS = ["client 0", "client 1", "client 2"] as const;
/** Mean seconds to the first token, of the artifact's run. */
const PUBLISHED = [4.763, 4.866, 124.379] as const;

export const vtcProportional: Card = {
  id: "vtc-proportional",
  title: "Who asks for less does not wait",
  question: "order",
  topic: "Fairness",
  from: "Virtual token counter, figure 4",
  source: logsOf("run proportional"),
  lesson: "Who asks below its share is answered in seconds; who asks above it waits alone.",
  differences:
    "The artifact's client adds the time of the connection; batch times are lines by phase, and a queue that builds up for ten minutes multiplies what is left of 3 %: first tokens within 10 %.",
  scenario: () => base,
  runs: () => [served("vtc", ordered(base, "vtc-artifact"), [])],
  read: (of) => {
    const ours = CLIENTS.map((_, client) => ttftOf(of("vtc"), client));
    return {
      chart: {
        x: "client",
        y: "mean TTFT, s",
        categories: CLIENTS,
        series: [
          { name: "mean TTFT", kind: "bars", ours: ours.map((value, i) => [i, value]), published: PUBLISHED.map((value, i) => [i, value]) },
        ],
      },
      values: [
        ...CLIENTS.map((name, i) => busyTtft(`${name}, mean TTFT`, PUBLISHED[i]!, ours[i]!)),
        lastAnswer("last answer", 782.437, of("vtc")),
      ],
    };
  },
};
