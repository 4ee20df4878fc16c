// Words for the one-sentence errors of scenarios: values as they were given, paths as they are typed, ranges with their unit.

const UNIT_WORDS: Readonly<Record<string, string>> = {
  tok: "tokens",
  s: "seconds",
  ms: "milliseconds",
  "req/s": "requests per second",
  req: "requests",
  "%": "percent",
};

/** A value as a reader typed it, cut to a readable length. */
export function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "number") return Number.isFinite(value) && Math.abs(value) >= 10000 ? value.toLocaleString("en-US") : String(value);
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** pools[0].batching.params.chunk */
export function pathText(path: readonly PropertyKey[]): string {
  let text = "";
  for (const key of path) {
    if (typeof key === "number") text += `[${key}]`;
    else text += text === "" ? String(key) : `.${String(key)}`;
  }
  return text === "" ? "scenario" : text;
}

export interface NumberRule {
  readonly min: number;
  readonly max: number;
  readonly integer?: boolean | undefined;
  readonly unit?: string | undefined;
}

/** "a whole number of tokens from 1 to 65,536" */
export function wanted({ min, max, integer, unit }: NumberRule): string {
  const of = unit === undefined || unit === "" ? "" : ` of ${UNIT_WORDS[unit] ?? unit}`;
  const range = max >= 1e12 ? (min > -1e12 ? ` of at least ${shown(min)}` : "") : ` from ${shown(min)} to ${shown(max)}`;
  return `${integer === true ? "a whole number" : "a number"}${of}${of !== "" && max >= 1e12 && range !== "" ? `, at least ${shown(min)}` : range}`;
}
