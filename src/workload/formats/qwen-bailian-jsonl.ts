// Anonymous Qwen traces of Alibaba's Bailian: chats as chains of requests.
import { jsonLines, keyText } from "./json-lines.ts";
import type { TraceFormat } from "./types.ts";
import { momentOf, tokensOf } from "./values.ts";

export const qwenBailianJsonl: TraceFormat = {
  id: "qwen-bailian-jsonl",
  label: "Qwen Bailian trace",
  help: "JSON lines: timestamp (s), input_length, output_length, chat_id and parent_chat_id (sessions), hash_ids (16 prompt tokens an id).",
  detect: ({ first, keys }) => first === "{" && keys.has("parent_chat_id") && keys.has("input_length") && keys.has("output_length"),
  open: (builder) =>
    jsonLines(builder, (row, line) => {
      if (!("timestamp" in row && "input_length" in row && "output_length" in row)) return builder.refuse("missing-field", line);
      const time = momentOf(row.timestamp, 0, builder.moment);
      if (!builder.add(time, tokensOf(row.input_length), tokensOf(row.output_length), line)) return;
      builder.chat(keyText(row.chat_id), keyText(row.parent_chat_id));
      builder.prefix(row.hash_ids, 16, line);
    }),
};
