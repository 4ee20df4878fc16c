// The virtual token counter (Sheng et al., "Fairness in Serving Large Language Models", OSDI 2024): as the paper has it, and as its artifact runs.
import { definePolicy } from "../../engine/contracts.ts";
import type { OrderingContext } from "../../engine/contracts.ts";
import { choice } from "../../engine/params.ts";
import type { Values } from "../../engine/params.ts";
import { costOf, costParams } from "./costs.ts";
import { fairCounters } from "./fair-counters.ts";
import type { FairCounters } from "./fair-counters.ts";
import { predictionParams, predictorOf } from "./predictions.ts";

const params = {
  ...costParams,
  ...predictionParams,
};

const idleLift = (initial: "last" | "waiting") => ({
  lift: choice(
    initial,
    { last: "to the tenant that waited last", waiting: "not at all" },
    "How far the counter of a tenant that comes back is raised when nobody waits: idle time must not become credit. While others wait, it is raised to the smallest of theirs.",
    "Lift when idle",
  ),
});

const create = (
  values: Values<typeof params> & { readonly lift: "last" | "waiting" },
  context: OrderingContext,
  chargesBatches: boolean,
): FairCounters => {
  const { requests, tenantCount, random } = context;
  const predictor = values.prediction === "none" ? null : predictorOf(values, requests, tenantCount, random);
  return fairCounters({ cost: costOf(values), predictor, lift: values.lift, chargesBatches }, context);
};

export const vtc = definePolicy({
  kind: "ordering",
  id: "vtc",
  label: "Virtual token counter (VTC)",
  help: "The tenant that was served least, by a counter of what its tokens cost over its weight, comes in next; who comes back after a pause starts level with the others (VTC, OSDI 2024).",
  params: { ...params, ...idleLift("last") },
  create: (values, context) => create(values, context, false),
});

export const vtcArtifact = definePolicy({
  kind: "ordering",
  id: "vtc-artifact",
  label: "VTC as in its artifact",
  help: "VTC with a slip of its artifact: whenever a request ends, every request of the batch is charged one more output token, so that tenants with long outputs beside many short ones pay too much (Ying1123/VTC-artifact, commit 192c2e2).",
  params: { ...params, ...idleLift("waiting") },
  create: (values, context) => create(values, context, true),
});
