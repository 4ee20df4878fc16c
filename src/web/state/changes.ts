// What differs between two scenarios, in a few words: for the label of the ghost.
import { labelOf, type Param } from "../../engine/params.ts";
import { kvPlans, latencies, type Described } from "../../scenario/registries.ts";
import type { Scenario } from "../../scenario/types.ts";
import { fieldText } from "../ui/slider-scale.ts";
import { lists } from "./lists.ts";
import { same } from "./paths.ts";

interface Difference {
  readonly path: readonly string[];
  /** The value in the first scenario; undefined = it was not there. */
  readonly was: unknown;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

/** A profile is one value: its hash says nothing to a person. */
const isProfile = (value: unknown): value is { readonly file: string } => isObject(value) && "hash" in value && !("kind" in value);

function* differences(a: unknown, b: unknown, path: readonly string[] = []): Generator<Difference> {
  if (same(a, b)) return;
  const rows = (value: unknown): boolean => Array.isArray(value) && value.every((item) => !isObject(item) || Array.isArray(item));
  if (!isObject(a) || !isObject(b) || isProfile(a) || isProfile(b) || rows(a) || rows(b) || Array.isArray(a) !== Array.isArray(b)) {
    yield { path, was: a };
    return;
  }
  if ("id" in a && "id" in b && a["id"] !== b["id"]) {
    yield { path: [...path, "id"], was: a["id"] };
    return;
  }
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) yield* differences(a[key], b[key], [...path, key]);
}

const registries = (): readonly (readonly Described[])[] => [
  lists().routers,
  lists().admissions,
  lists().schedulers,
  lists().orders,
  lists().autoscalers,
  latencies,
  kvPlans,
  lists().arrivals,
  lists().lengths,
];

/** The descriptor of a parameter, by the choice that holds it. */
function paramAt(scenario: Scenario, path: readonly string[]): Param | undefined {
  const at = path.lastIndexOf("params");
  if (at < 0) return undefined;
  let holder: unknown = scenario;
  for (const key of path.slice(0, at)) holder = isObject(holder) ? holder[key] : undefined;
  const id = isObject(holder) ? holder["id"] : undefined;
  const key = path[at + 1] ?? "";
  for (const registry of registries()) {
    const param = registry.find((entry) => entry.id === id)?.params[key];
    if (param !== undefined) return param;
  }
  return undefined;
}

const labelOfId = (id: unknown): string => {
  for (const registry of registries()) {
    const found = registry.find((entry) => entry.id === id);
    if (found !== undefined) return found.label;
  }
  return String(id);
};

/** Fields whose key is no word to read. */
const NAMES: Readonly<Record<string, string>> = {
  loadGbytesPerS: "bandwidth for weights",
  startupSeconds: "start delay",
  scaleDownSeconds: "stop delay",
};

function inWords(before: Scenario, { path, was }: Difference): string {
  const key = path.at(-1) ?? "";
  if (key === "id") return labelOfId(was).toLowerCase();
  const param = paramAt(before, path);
  const name = NAMES[key] ?? (param === undefined ? labelOf(key, { label: "" } as Param) : labelOf(key, param)).toLowerCase();
  const value = was === undefined ? param?.default : was;
  if (typeof value === "number")
    return `${name} ${fieldText(value)}${param?.kind === "number" && param.unit !== undefined ? `\u00a0${param.unit}` : ""}`;
  if (typeof value === "boolean") return `${name} ${value ? "on" : "off"}`;
  if (typeof value === "string") return `${name} ${value}`;
  if (isProfile(value)) return `${name} ${value.file}`;
  return value === null ? `${name} not set` : `other ${name}`;
}

/** The values that `before` had where `after` differs: "chunk 512 tok, batch cap 96". Empty when they run alike; a name changes nothing. */
export function describeChanges(before: Scenario, after: Scenario, most = 2): string {
  const found = [...differences(before, after)].filter((difference) => difference.path[0] !== "name");
  const words = found.slice(0, most).map((difference) => inWords(before, difference));
  return found.length > most ? `${words.join(", ")} and ${found.length - most} more` : words.join(", ");
}

/** How many values differ among the paths that are asked for. */
export function countChanges(before: Scenario, after: Scenario, wanted: (path: string) => boolean): number {
  let count = 0;
  for (const { path } of differences(before, after)) if (wanted(path.join("."))) count++;
  return count;
}
