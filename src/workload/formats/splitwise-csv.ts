// Traces of splitwise-sim.
import { namedTable } from "./named-table.ts";

export const splitwiseCsv = namedTable({
  id: "splitwise-csv",
  label: "splitwise-sim trace",
  help: "CSV of splitwise-sim: arrival_timestamp (s), prompt_size, token_size.",
  time: "arrival_timestamp",
  unit: 0,
  prompt: "prompt_size",
  output: "token_size",
});
