// Weighted VTC: four clients whose weights are 1 to 4.
import type { Scenario } from "../../scenario/types.ts";
import type { Card } from "../card.ts";
import { changed } from "../varied.ts";
import { fairnessOf, FITTED, lastAnswer, logsOf, ordered, served, shareOf, shareValue, suiteOf, ticksTo } from "../vtc-suites.ts";

const AT = ticksTo(320);
const WEIGHTS = [1, 2, 3, 4] as const;

const four = (name: string, rates: readonly number[]): Scenario =>
  changed(suiteOf("vtc-overload"), [
    `name=${name}`,
    `tenants=${JSON.stringify(WEIGHTS.map((weight, i) => ({ name: `client ${i}`, weight })))}`,
    `traffic.source.arrivals.params.rates=${JSON.stringify(rates.map((rate, i) => [i + 1, 0, 360, rate, rate, 0]))}`,
  ]);
/** As in the published run: whoever weighs more also asks for more. */
const asRun = (): Scenario => ordered(four("Weighted clients, as published", [0.4, 0.8, 1.2, 1.6]), "vtc-artifact");
const equal = (): Scenario => ordered(four("Weighted clients, equal demand", [1.2, 1.2, 1.2, 1.2]), "vtc");
/** Service per second of the clients, from 60 to 320 s. */
const PUBLISHED = [135.44, 270.86, 406.28, 541.56] as const;
const TOTAL = PUBLISHED.reduce((sum, rate) => sum + rate, 0);

export const vtcWeighted: Card = {
  id: "vtc-weighted",
  title: "Weights are shares of the server",
  question: "order",
  topic: "Fairness",
  from: "Virtual token counter, weighted clients",
  source: logsOf("run overload-weighted, weights 1 to 4"),
  lesson: "Who weighs four times as much gets four times as much while all ask for more.",
  differences: `${FITTED}. The published clients ask in the same ratio as they weigh, which first come would serve alike; so a second run has equal demand, and is asked for shares of 10, 20, 30 and 40 % within 3 points, as the weights say.`,
  scenario: equal,
  runs: () => [served("as run", asRun(), AT), served("equal", equal(), AT)],
  read: (of) => {
    const share = (key: string, tenant: number): number => shareOf(fairnessOf(of(key)).service, tenant, AT, 60, 320);
    return {
      chart: {
        x: "client, weight 1 to 4",
        y: "share of the service, %",
        categories: WEIGHTS.map((weight) => `weight ${weight}`),
        series: [
          {
            name: "share",
            kind: "bars",
            ours: WEIGHTS.map((_, i) => [i, share("equal", i)]),
            published: PUBLISHED.map((rate, i) => [i, (100 * rate) / TOTAL]),
          },
        ],
      },
      values: [
        ...WEIGHTS.map((weight, i) => shareValue(`weight ${weight}, as published`, (100 * PUBLISHED[i]!) / TOTAL, share("as run", i))),
        lastAnswer("last answer, as published", 819.693, of("as run")),
        ...WEIGHTS.map((weight, i) => shareValue(`weight ${weight}, equal demand`, 10 * weight, share("equal", i))),
      ],
    };
  },
};
