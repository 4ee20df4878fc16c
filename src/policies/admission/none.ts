// Everybody comes in.
import { Verdict, definePolicy } from "../../engine/contracts.ts";

// One for all runs: with one for each, JavaScript engines compile anew whatever asks it.
const everybody = { admit: () => Verdict.accept };

export const none = definePolicy({
  kind: "admission",
  id: "none",
  label: "Accept all",
  help: "Every request is accepted, however long the queues are.",
  params: {},
  create: () => everybody,
});
