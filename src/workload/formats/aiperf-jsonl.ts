// Per-request export of aiperf (profile_export.jsonl).
import { at, digitsOf, jsonLines, keyText } from "./json-lines.ts";
import type { TraceFormat } from "./types.ts";
import { momentOf, parseTime, tokensOf } from "./values.ts";

export const aiperfJsonl: TraceFormat = {
  id: "aiperf-jsonl",
  label: "aiperf export",
  help: "JSON lines of aiperf: metadata.request_start_ns, metadata.conversation_id, metrics.input_sequence_length and output_sequence_length; errors are failed requests.",
  detect: ({ first, keys }) => first === "{" && keys.has("request_start_ns") && keys.has("metrics"),
  open: (builder) =>
    jsonLines(builder, (row, line, text) => {
      const start = at(row, "metadata", "request_start_ns");
      if (start === undefined) return builder.refuse("missing-field", line);
      const digits = typeof start === "number" ? digitsOf(text, "request_start_ns") : null;
      const time = digits !== null ? parseTime(digits, 9, builder.moment) : momentOf(start, 9, builder.moment);
      const failed = at(row, "error") !== null && at(row, "error") !== undefined;
      const prompt = at(row, "metrics", "input_sequence_length", "value") ?? at(row, "metrics", "error_isl", "value");
      const output = failed ? 0 : at(row, "metrics", "output_sequence_length", "value");
      if (prompt === undefined || output === undefined) return builder.refuse("no-token-counts", line);
      if (builder.add(time, tokensOf(prompt), tokensOf(output), line)) builder.session(keyText(at(row, "metadata", "conversation_id")));
    }),
};
