// OpenTelemetry spans with the GenAI conventions: one span a line, or OTLP JSON (a whole export, or one export a line).
import { at, isObject, keyText, member } from "./json-lines.ts";
import type { JsonParser, TraceFormat } from "./types.ts";
import type { TraceBuilder } from "./builder.ts";
import { momentOf, tokensOf } from "./values.ts";

/** An attribute by key, from a plain object or from OTLP's list of {key, value: {intValue}}. */
function attribute(span: unknown, key: string): unknown {
  const attributes = member(span, "attributes");
  if (!Array.isArray(attributes)) return member(attributes, key);
  const value = (attributes as unknown[]).find((entry) => member(entry, "key") === key);
  const typed = member(value, "value");
  return isObject(typed) ? (typed.intValue ?? typed.stringValue ?? typed.doubleValue) : undefined;
}

function span(builder: TraceBuilder, value: unknown, line: number): void {
  const start = member(value, "startTimeUnixNano") ?? member(value, "start_time_unix_nano");
  if (!isObject(value) || start === undefined) return builder.refuse(isObject(value) ? "missing-field" : "bad-json", line);
  // Names before and after the conventions of 2024.
  const prompt = attribute(value, "gen_ai.usage.input_tokens") ?? attribute(value, "gen_ai.usage.prompt_tokens");
  const output = attribute(value, "gen_ai.usage.output_tokens") ?? attribute(value, "gen_ai.usage.completion_tokens");
  const failed = at(value, "status", "code") === 2 || at(value, "status", "code") === "STATUS_CODE_ERROR";
  if (prompt === undefined || (output === undefined && !failed)) return builder.refuse("no-token-counts", line);
  const time = momentOf(start, 9, builder.moment);
  if (!builder.add(time, tokensOf(prompt), output === undefined ? 0 : tokensOf(output), line)) return;
  builder.session(keyText(attribute(value, "gen_ai.conversation.id")));
}

export const otelGenai: TraceFormat = {
  id: "otel-genai",
  label: "OpenTelemetry GenAI spans",
  help: "OTLP JSON or one span a line: startTimeUnixNano, gen_ai.usage.input_tokens and output_tokens, gen_ai.conversation.id; other spans are left out.",
  detect: ({ first, keys }) => (first === "{" || first === "[") && (keys.has("resourceSpans") || keys.has("startTimeUnixNano")),
  open: (builder, { keys, first }): JsonParser => ({
    kind: "json",
    paths: keys.has("resourceSpans") ? [["resourceSpans", "*", "scopeSpans", "*", "spans", "*"]] : first === "[" ? [["*"]] : [[]],
    value: (_path, value, line) => span(builder, value, line),
  }),
};
