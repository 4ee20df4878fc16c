// Batch time fitted to measured iterations (docs/fit.md). This file is what lists and forms need; fitted-model.ts does the work and is loaded
// only where a scenario names a model.
import { integer, profile } from "../engine/params.ts";
import { LatencyProblem, defineLatency } from "./types.ts";
import { openOf } from "./named-profile.ts";

const params = {
  profile: profile("A model that was fitted to measured iterations: the JSON file that `goodput fit --out` writes.", "Fitted model"),
  draw: integer(
    0,
    "0: the fitted coefficients. From 1 on: those of one replicate of the model's bootstrap, another model that the measurements would also allow. Runs of several show what they leave open.",
    { max: 400 },
  ),
};

const NO_OVERHEADS = { perIteration: 0, perRequest: 0 };

export const fitted = defineLatency({
  kind: "latency",
  id: "fitted",
  label: "Fitted to measurements",
  help: "A sum of terms of the batch, fitted to measured iterations. It holds for the GPU, model and engine of the measurements, whatever the pool names.",
  reads: ["prefillTokens", "prefillRequests", "prefillContext", "prefillWork", "decodeRequests", "decodeContext"],
  params,
  create: (values, shard, context) => {
    const open = openOf(values, context);
    if (open === undefined)
      throw new LatencyProblem(
        values.profile === null
          ? "The fitted latency has no model. Give its file with --profile, or drop it on the page."
          : `The scenario needs the fitted model "${values.profile.file}" (SHA-256 ${values.profile.hash}). Give its file with --profile, or drop it on the page.`,
      );
    if (open.kind !== "fitted")
      throw new LatencyProblem(
        `${values.profile!.file} holds operator times: choose the latency "operator-table", or give a fitted model.`,
      );
    return open.create(shard, NO_OVERHEADS, context!.blockSize, values.draw);
  },
  explain: (values, shard, context) => {
    const open = openOf(values, context);
    return open?.kind === "fitted" ? open.explain(shard, NO_OVERHEADS, context!.blockSize) : [];
  },
});
