// Request traces of the Vidur simulator.
import { namedTable } from "./named-table.ts";

export const vidurCsv = namedTable({
  id: "vidur-csv",
  label: "Vidur trace",
  help: "CSV of the Vidur simulator: arrived_at (s), num_prefill_tokens, num_decode_tokens.",
  time: "arrived_at",
  unit: 0,
  prompt: "num_prefill_tokens",
  output: "num_decode_tokens",
});
