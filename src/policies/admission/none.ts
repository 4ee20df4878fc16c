// Everybody comes in.
import { Verdict, definePolicy } from "../../engine/contracts.ts";

export const none = definePolicy({
  kind: "admission",
  id: "none",
  label: "Accept all",
  help: "Every request is accepted, however long the queues are.",
  params: {},
  create: () => ({ admit: () => Verdict.accept }),
});
