// Output lengths as a scheduler may foresee them: exactly, within a band, or as the tenant's requests have been. Whole tokens.
import type { RequestTable } from "../../engine/contracts.ts";
import type { Random } from "../../engine/kernel/random.ts";
import { choice, number } from "../../engine/params.ts";
import type { Values } from "../../engine/params.ts";

export const predictionParams = {
  prediction: choice(
    "none",
    {
      none: "none",
      oracle: "true length (an oracle)",
      band: "true length, give or take (an oracle)",
      average: "moving average of the tenant",
    },
    "Charges this output when a request comes in, more only for tokens beyond it, and gives back what was not used.",
    "Prediction",
  ),
  predictionError: number(0.5, "Largest error of a length given or taken, as a share of it; all within are as likely.", {
    label: "Give or take",
    min: 0,
    max: 1,
    step: 0.05,
  }),
};

export interface Predictor {
  /** Output tokens to charge when the request comes in; 0 without prediction. */
  predict(slot: number): number;
  finished(slot: number): void;
  readonly state: object;
}

/** `random` is drawn from once for each request that comes in. Averages: the first finished request, then a fifth of each further one (the VTC artifact's rule). */
export function predictorOf(
  { prediction, predictionError }: Values<typeof predictionParams>,
  requests: RequestTable,
  tenants: number,
  random: (name: string) => Random,
): Predictor {
  const state = { average: new Float64Array(tenants) };
  const { average } = state;
  const draws = prediction === "band" ? random("predictions") : null;
  return {
    state,
    predict: (slot) => {
      const output = requests.outputTokens[slot]!;
      if (prediction === "oracle") return output;
      if (draws !== null) return Math.round(output * (1 + predictionError * (2 * draws.uniform() - 1)));
      return prediction === "average" ? Math.round(average[requests.tenant[slot]!]!) : 0;
    },
    finished: (slot) => {
      const tenant = requests.tenant[slot]!;
      const output = requests.outputTokens[slot]!;
      average[tenant] = average[tenant] === 0 ? output : (4 * average[tenant]! + output) / 5;
    },
  };
}
