// Length files of the Vidur simulator: requests without times.
import { namedTable } from "./named-table.ts";

export const vidurLengthsCsv = namedTable({
  id: "vidur-lengths-csv",
  label: "Vidur lengths",
  help: "CSV of the Vidur simulator without times: num_prefill_tokens, num_decode_tokens. Requests are placed one second apart.",
  time: null,
  unit: 0,
  prompt: "num_prefill_tokens",
  output: "num_decode_tokens",
  without: ["arrived_at"],
  total: "num_total_tokens",
});
