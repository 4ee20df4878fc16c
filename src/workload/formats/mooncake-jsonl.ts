// Mooncake traces, also the input of aiperf (mooncake_trace), guidellm, vLLM (timed_trace) and Dynamo.
import { jsonLines } from "./json-lines.ts";
import type { TraceFormat } from "./types.ts";
import { momentOf, tokensOf } from "./values.ts";

export const mooncakeJsonl: TraceFormat = {
  id: "mooncake-jsonl",
  label: "Mooncake trace",
  help: "JSON lines: timestamp (ms), input_length, output_length, hash_ids (512 prompt tokens an id, or the size that fits the lengths).",
  detect: ({ first, keys }) =>
    first === "{" && keys.has("timestamp") && !keys.has("sys_prompt") && keys.has("input_length") && keys.has("output_length"),
  open: (builder) =>
    jsonLines(builder, (row, line) => {
      if (!("timestamp" in row && "input_length" in row && "output_length" in row)) return builder.refuse("missing-field", line);
      const time = momentOf(row.timestamp, 3, builder.moment);
      if (builder.add(time, tokensOf(row.input_length), tokensOf(row.output_length), line)) builder.prefix(row.hash_ids, 512, line);
    }),
};
