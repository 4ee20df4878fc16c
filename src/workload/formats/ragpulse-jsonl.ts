// RAGPulse traces of a campus question-answering service: like Mooncake, but in seconds, with sessions and hashes by part of the prompt.
import { jsonLines, keyText } from "./json-lines.ts";
import type { TraceFormat } from "./types.ts";
import { momentOf, tokensOf } from "./values.ts";

export const ragpulseJsonl: TraceFormat = {
  id: "ragpulse-jsonl",
  label: "RAGPulse trace",
  help: "JSON lines: timestamp (s), input_length, output_length, session_id. Its hashes are of parts of unequal length, so no shared prefix is taken from them.",
  detect: ({ first, keys }) => first === "{" && keys.has("timestamp") && keys.has("input_length") && keys.has("sys_prompt"),
  open: (builder) =>
    jsonLines(builder, (row, line) => {
      if (!("timestamp" in row && "input_length" in row && "output_length" in row)) return builder.refuse("missing-field", line);
      const time = momentOf(row.timestamp, 0, builder.moment);
      if (builder.add(time, tokensOf(row.input_length), tokensOf(row.output_length), line)) builder.session(keyText(row.session_id));
    }),
};
