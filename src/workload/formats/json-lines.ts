// Records as one JSON object a line: what those formats share.
import type { TraceBuilder } from "./builder.ts";
import type { LineParser } from "./types.ts";

export type JsonObject = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);

/** A member of an object, or undefined when the object is none or the key is not its own. */
export const member = (value: unknown, key: string): unknown => (isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined);

/** The value at a path, or undefined. */
export const at = (value: unknown, ...keys: string[]): unknown => keys.reduce(member, value);

/** Parses each line that is not blank and hands over the objects. */
export function jsonLines(
  builder: TraceBuilder,
  record: (value: JsonObject, line: number, text: string) => void,
  end?: () => void,
): LineParser {
  return {
    kind: "lines",
    line: (text, line) => {
      if (text.trim() === "") return;
      let value: unknown;
      try {
        value = JSON.parse(text);
      } catch {
        value = null;
      }
      if (isObject(value)) record(value, line, text);
      else builder.refuse("bad-json", line);
    },
    ...(end ? { end } : {}),
  };
}

/** A key as text: strings and numbers, else empty. */
export const keyText = (value: unknown): string => (typeof value === "string" || typeof value === "number" ? String(value) : "");

/** The digits of an integer member as they stand in the text: numbers beyond 2^53 lose their last digits when parsed. */
export function digitsOf(text: string, key: string): string | null {
  const at = text.indexOf(`"${key}"`);
  return at < 0 ? null : (/^\s*:\s*"?(\d+)/.exec(text.slice(at + key.length + 2, at + key.length + 60))?.[1] ?? null);
}
