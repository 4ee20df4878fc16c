// Brings a stored scenario of an older version up to the current one, a step at a time, before the schema sees it.
// Works on raw JSON that names only what differs from the base of its version: when a base value changes, the step writes the old value down.
import { SCENARIO_VERSION } from "./types.ts";

export type RawScenario = Readonly<Record<string, unknown>>;
export type Upgrader = (raw: RawScenario) => RawScenario;

/** upgraders[n] turns version n - 1 into version n. The first version is 1, so the first step will be upgraders[2]. */
export const upgraders: Readonly<Record<number, Upgrader>> = {};

export type UpgradeOutcome = { readonly ok: true; readonly raw: RawScenario } | { readonly ok: false; readonly error: string };

/** The scenario as the current version writes it; a missing version counts as the current one. */
export function upgrade(
  raw: RawScenario,
  steps: Readonly<Record<number, Upgrader>> = upgraders,
  current: number = SCENARIO_VERSION,
): UpgradeOutcome {
  const version = raw["version"] ?? current;
  if (typeof version !== "number" || !Number.isInteger(version) || version < 1)
    return {
      ok: false,
      error: `version: ${JSON.stringify(version)} is not a scenario version. Give a whole number from 1 to ${current}, or leave it out.`,
    };
  if (version > current)
    return {
      ok: false,
      error: `version: This scenario was made by a newer Goodput (version ${version}; this one reads up to ${current}). Open it with a newer Goodput.`,
    };
  let upgraded: RawScenario = raw;
  for (let step = version + 1; step <= current; step++) {
    const one = steps[step];
    if (one === undefined) throw new Error(`No upgrader to scenario version ${step}`);
    upgraded = { ...one(upgraded), version: step };
  }
  return { ok: true, raw: { ...upgraded, version: current } };
}
