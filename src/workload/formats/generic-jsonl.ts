// Any JSON records, one a line or in one list: keys by common names, or mapped by hand (a.b reaches into an object).
import type { TraceBuilder } from "./builder.ts";
import { MAPPED_UNITS } from "./generic-csv.ts";
import { OUTPUT_NAMES, PROMPT_NAMES, SESSION_NAMES, TENANT_NAMES, TIME_NAMES, unitOfName } from "./generic-names.ts";
import { at, isObject, jsonLines, keyText, member } from "./json-lines.ts";
import { plainName, readTime } from "./named-table.ts";
import type { TimeUnit } from "./named-table.ts";
import { Refusal } from "./types.ts";
import type { Head, TraceFormat } from "./types.ts";
import { NOT_A_NUMBER, tokensOf } from "./values.ts";

interface Keys {
  readonly time: string | null;
  readonly unit: TimeUnit;
  readonly prompt: string;
  readonly output: string;
  readonly session: string | null;
  readonly tenant: string | null;
}

function byName({ keys }: Head): Keys {
  const names = [...keys];
  const find = (known: readonly string[]): string | null => {
    for (const name of known) {
      const key = names.find((candidate) => plainName(candidate) === name);
      if (key !== undefined) return key;
    }
    return null;
  };
  const time = find(TIME_NAMES);
  const prompt = find(PROMPT_NAMES);
  const output = find(OUTPUT_NAMES);
  if (time === null || prompt === null || output === null) {
    const missing = [time ?? "the time", prompt ?? "the prompt tokens", output ?? "the output tokens"]
      .filter((name) => name.startsWith("the "))
      .join(", ");
    throw new Refusal(
      "columns-unknown",
      `No key was recognised for ${missing} among ${names.slice(0, 12).join(", ")}: choose the columns by hand.`,
      names.slice(0, 200),
    );
  }
  return { time, unit: unitOfName(plainName(time)), prompt, output, session: find(SESSION_NAMES), tenant: find(TENANT_NAMES) };
}

const valueAt = (row: unknown, key: string): unknown => member(row, key) ?? at(row, ...key.split("."));

function reader(builder: TraceBuilder, { time, unit, prompt, output, session, tenant }: Keys): (row: unknown, line: number) => void {
  if (time === null) builder.timeless();
  return (row, line) => {
    if (!isObject(row)) return builder.refuse("bad-json", line);
    const prompts = valueAt(row, prompt);
    const outputs = valueAt(row, output);
    const when = time === null ? 0 : valueAt(row, time);
    if (prompts === undefined || outputs === undefined || when === undefined) return builder.refuse("missing-field", line);
    const text = typeof when === "number" || typeof when === "string" ? String(when).trim() : "";
    const status = time === null ? 0 : text === "" ? NOT_A_NUMBER : readTime(text, unit, false, builder.moment);
    if (!builder.add(status, tokensOf(prompts), tokensOf(outputs), line)) return;
    if (session !== null) builder.session(keyText(valueAt(row, session)));
    if (tenant !== null) builder.tenant(keyText(valueAt(row, tenant)));
  };
}

export const genericJsonl: TraceFormat = {
  id: "generic-jsonl",
  label: "JSON records",
  help: "JSON objects, one a line or in a list: keys such as timestamp, prompt_tokens, output_tokens are found by name, others are mapped by hand.",
  detect: ({ first, keys }) => (first === "{" || first === "[") && keys.size > 0,
  open: (builder, head, mapping) => {
    const keys: Keys = mapping === null ? byName(head) : { ...mapping, unit: MAPPED_UNITS[mapping.timeUnit] };
    const record = reader(builder, keys);
    const end = (): void => {
      if (keys.time === null && builder.accepted > 0) builder.noteFile("no-arrival-times", builder.accepted);
    };
    if (head.first === "[") return { kind: "json", paths: [["*"]], value: (_path, value, line) => record(value, line), end };
    return jsonLines(builder, record, end);
  },
};
