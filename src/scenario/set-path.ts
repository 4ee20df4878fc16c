// "pools[0].batching.params.chunk=512" on a scenario: for the command line's --set, and for anything that names one field by its path.
import { pathText } from "./messages.ts";
import { parseScenario } from "./schema.ts";
import type { ParseOutcome } from "./schema.ts";
import { hint } from "./suggest.ts";
import type { Scenario } from "./types.ts";

type Json = Record<string | number, unknown>;

/** "pools[0].kv.blocks", "pools.0.kv.blocks" or, by name, "pools.chat.kv.blocks" as keys. */
function keysOf(path: string): string[] {
  return path
    .replace(/\[([^\]]*)\]/g, ".$1")
    .split(".")
    .filter((key) => key !== "");
}

const isChoice = (value: unknown): boolean => typeof value === "object" && value !== null && "id" in value && !("kind" in value);

/** The value as JSON where it is JSON, else as text. */
function valueOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** Fields that are left out when they have no value, by the field beside which they may stand. */
function optionalKeys(parent: Json): string[] {
  if (isChoice(parent)) return ["params"];
  if ("memoryUtilisation" in parent) return ["plan", "prefixCaching"];
  if ("batching" in parent) return ["ordering"];
  return parent["kind"] === "preset" ? ["arrivals"] : [];
}

/** Of them, those that are choices. */
const OPTIONAL_CHOICES: readonly (string | number)[] = ["plan", "ordering"];

type Step = { readonly key: string | number } | { readonly error: string };

function stepInto(parent: Json | unknown[], key: string, at: string): Step {
  if (!Array.isArray(parent)) {
    const known = [...new Set([...Object.keys(parent), ...optionalKeys(parent)])];
    return known.includes(key) ? { key } : { error: `${at === "" ? "" : `${at}: `}Unknown field "${key}".${hint(key, known)}` };
  }
  const names = parent.map((entry) => String((entry as { name?: unknown } | null)?.name ?? ""));
  const byName = names.indexOf(key);
  const index = byName >= 0 ? byName : /^\d+$/.test(key) ? Number(key) : -1;
  if (index >= 0 && index < parent.length) return { key: index };
  const range =
    parent.length === 0
      ? "The list is empty."
      : `Give a number from 0 to ${parent.length - 1}${names.some((name) => name !== "") ? ` or a name: ${names.join(", ")}` : ""}.`;
  return { error: `${at}: There is no entry "${key}". ${range}` };
}

/** The scenario with one field changed and everything checked again. `assignment` is "path=value". */
export function setPath(scenario: Scenario, assignment: string): ParseOutcome {
  const cut = assignment.indexOf("=");
  if (cut <= 0) return { ok: false, errors: [`"${assignment}" is not path=value. Give for example pools[0].replicas=8.`] };
  const keys = keysOf(assignment.slice(0, cut));
  const value = valueOf(assignment.slice(cut + 1));
  const copy = structuredClone(scenario) as unknown as Json;
  let parent: Json | unknown[] = copy;
  const walked: (string | number)[] = [];
  for (const [i, key] of keys.entries()) {
    // Parameters that have their default are left out, so any name is taken here; the schema knows the names and suggests.
    const free = walked.at(-1) === "params" && key !== "__proto__";
    const step = free ? { key } : stepInto(parent, key, walked.length === 0 ? "" : pathText(walked));
    if ("error" in step) return { ok: false, errors: [step.error] };
    const holder = parent as Json;
    if (i === keys.length - 1) {
      const before = holder[step.key];
      // A new choice does not inherit the parameters of the old one.
      if (step.key === "id" && isChoice(holder) && before !== value) delete holder["params"];
      const named = isChoice(before) || (before === undefined && OPTIONAL_CHOICES.includes(step.key));
      holder[step.key] = named && typeof value === "string" ? { id: value } : value;
      break;
    }
    if (step.key === "params" && holder["params"] === undefined) holder["params"] = {};
    const next = holder[step.key];
    walked.push(step.key);
    if (typeof next !== "object" || next === null)
      return {
        ok: false,
        errors: [`${pathText(walked)}: This is ${next === undefined ? "not set" : "a single value"}, so it has no field "${keys[i + 1]}".`],
      };
    parent = next as Json | unknown[];
  }
  return parseScenario(copy);
}
