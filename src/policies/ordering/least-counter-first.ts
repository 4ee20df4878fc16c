// VTC without the lift: time in which a tenant sent nothing is credit that it may use up later, at the cost of all others.
import { definePolicy } from "../../engine/contracts.ts";
import { costOf, costParams } from "./costs.ts";
import { fairCounters } from "./fair-counters.ts";

export const leastCounterFirst = definePolicy({
  kind: "ordering",
  id: "least-counter-first",
  label: "Least counter first",
  help: "The tenant that was served least since the start comes in next. Who was away has credit and shuts the others out: VTC without its lift, for comparison with it (LCF in the VTC paper).",
  params: costParams,
  create: (values, context) => fairCounters({ cost: costOf(values), predictor: null, lift: "never" }, context),
});
