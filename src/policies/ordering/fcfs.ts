// Requests come in as they came: no fairness between tenants.
import { definePolicy } from "../../engine/contracts.ts";

export const fcfs = definePolicy({
  kind: "ordering",
  id: "fcfs",
  label: "First come, first served",
  help: "Who waits longest comes in next, whoever it is: tenants are served in proportion to what they send.",
  params: {},
  create: () => null,
});
