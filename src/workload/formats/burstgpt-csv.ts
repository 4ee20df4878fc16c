// BurstGPT, with six columns (releases 1 and 2) or eight (release 3).
import { namedTable } from "./named-table.ts";

export const burstgptCsv = namedTable({
  id: "burstgpt-csv",
  label: "BurstGPT",
  help: "CSV of BurstGPT: Timestamp (s), Request tokens, Response tokens (0 = failed), Session ID where there is one; Total tokens is checked, not used.",
  time: "timestamp",
  unit: 0,
  prompt: "request_tokens",
  output: "response_tokens",
  session: "session_id",
  total: "total_tokens",
});
