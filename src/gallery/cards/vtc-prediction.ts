// VTC with prediction: eight clients, and counters that charge what a request will cost when it comes in.
import type { Scenario } from "../../scenario/types.ts";
import type { Card, CardPoint } from "../card.ts";
import { changed } from "../varied.ts";
import { over } from "../signs.ts";
import { busyTtft, fairnessOf, lastAnswer, logsOf, ordered, served, suiteOf } from "../vtc-suites.ts";

const RATES = [0.4, 0.4, 0.4, 0.6, 0.6, 0.6, 0.6, 0.6] as const;
const base = (): Scenario =>
  changed(suiteOf("vtc-overload"), [
    "name=Eight clients, with prediction",
    `tenants=${JSON.stringify(RATES.map((_, i) => ({ name: `client ${i}` })))}`,
    `traffic.source.arrivals.params.rates=${JSON.stringify(RATES.map((rate, i) => [i + 1, 0, 360, rate, rate, 0]))}`,
  ]);
/** Mean of the windowed difference per second, mean TTFT and last answer, s. */
const CASES = [
  { name: "none", params: {}, published: { difference: 162.2, ttft: 253.884, makespan: 884.546 } },
  {
    name: "half off",
    params: { prediction: "band", predictionError: 0.5 },
    published: { difference: 66.32, ttft: 255.369, makespan: 884.243 },
  },
  { name: "oracle", params: { prediction: "oracle" }, published: null },
] as const;

export const vtcPrediction: Card = {
  id: "vtc-prediction",
  title: "Charge ahead, swing less",
  question: "order",
  topic: "Fairness",
  from: "Virtual token counter, with predicted lengths",
  source: logsOf("runs overload-multi without prediction and with one that is up to 50 % off"),
  lesson: "Counters that charge the length ahead let nobody fill the batch; a guess will do.",
  differences:
    "Batch times are lines by phase from the artifact's profile of its kernels, host times from two of its runs: makespans within 5 %, first tokens within 10 %. How far service swings is whose turn it happens to be: asked are signs, less with a guess than without, and no more with the true length.",
  scenario: () => ordered(base(), "vtc-artifact", CASES[1].params),
  runs: () => CASES.map(({ name, params }) => served(name, ordered(base(), "vtc-artifact", params), [])),
  read: (of) => {
    const ours = CASES.map(({ name }) => fairnessOf(of(name)).report.asArtifact.differences.mean);
    return {
      chart: {
        x: "prediction",
        y: "mean difference per second",
        categories: CASES.map(({ name }) => name),
        series: [
          {
            name: "mean difference",
            kind: "bars",
            ours: ours.map((value, i) => [i, value]),
            published: CASES.flatMap(({ published }, i): CardPoint[] => (published === null ? [] : [[i, published.difference]])),
          },
        ],
      },
      values: [
        ...CASES.flatMap(({ name, published }) =>
          published === null
            ? []
            : [
                busyTtft(`${name}, mean TTFT`, published.ttft, of(name).metrics["ttft.mean"]!),
                lastAnswer(`${name}, last answer`, published.makespan, of(name)),
              ],
        ),
        over("difference, none over half off: above 1", 1, ours[0]! / ours[1]!),
        over("difference, half off over oracle: at least 1", 1, ours[1]! / ours[2]!),
      ],
    };
  },
};
