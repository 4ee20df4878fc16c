// The number of replicas stays what it is.
import { definePolicy } from "../../engine/contracts.ts";

export const fixed = definePolicy({
  kind: "autoscaling",
  id: "fixed",
  label: "Fixed count",
  help: "Keeps the replicas the pool starts with.",
  params: {},
  create: () => ({ tickSeconds: Infinity }),
});
