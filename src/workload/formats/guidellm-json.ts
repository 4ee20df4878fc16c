// JSON reports of guidellm: one object with the requests of each benchmark.
import { at, keyText } from "./json-lines.ts";
import type { JsonParser, TraceFormat } from "./types.ts";
import { momentOf, tokensOf } from "./values.ts";

const GROUPS = ["successful", "errored", "incomplete"] as const;

export const guidellmJson: TraceFormat = {
  id: "guidellm-json",
  label: "guidellm report",
  help: "JSON of guidellm: request_start_time, prompt_tokens, output_tokens of every request of every benchmark; errored ones are failed requests.",
  detect: ({ first, keys }) => first === "{" && keys.has("benchmarks"),
  open: (builder): JsonParser => ({
    kind: "json",
    paths: GROUPS.map((group) => ["benchmarks", "*", "requests", group, "*"]),
    value: (path, value, line) => {
      const start = at(value, "request_start_time") ?? at(value, "info", "timings", "request_start");
      const prompt = at(value, "prompt_tokens") ?? at(value, "input_metrics", "text_tokens");
      const output = GROUPS[path] === "errored" ? 0 : (at(value, "output_tokens") ?? at(value, "output_metrics", "text_tokens"));
      if (start === undefined || prompt === undefined || output === undefined) return builder.refuse("missing-field", line);
      const outputTokens = output === null && GROUPS[path] === "incomplete" ? 0 : tokensOf(output);
      if (!builder.add(momentOf(start, 0, builder.moment), tokensOf(prompt), outputTokens, line)) return;
      const conversation = keyText(at(value, "info", "conversation_id"));
      if (conversation !== "") builder.session(conversation);
    },
  }),
};
