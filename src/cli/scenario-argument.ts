// The scenario of a command: a file, a link, or the id of a preset.
import { existsSync, readFileSync } from "node:fs";
import { decodeLink, linkParts } from "../scenario/link.ts";
import { modelsOfLink } from "../scenario/link-models.ts";
import { presets } from "../scenario/presets/index.ts";
import type { NamedProfile } from "../scenario/profiles.ts";
import { parseScenario } from "../scenario/schema.ts";
import { nearest } from "../scenario/suggest.ts";
import type { Scenario } from "../scenario/types.ts";
import { InputError, systemReason } from "./input-error.ts";
import { parseJson } from "./json-text.ts";

/** At most this many problems of a scenario in the one line on stderr. */
const SHOWN_ERRORS = 3;

export function oneLine(where: string, errors: readonly string[]): string {
  const more = errors.length > SHOWN_ERRORS ? ` And ${errors.length - SHOWN_ERRORS} more.` : "";
  return `${where}: ${errors.slice(0, SHOWN_ERRORS).join(" ")}${more}`;
}

function readScenarioFile(file: string): Scenario {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new InputError(`${file}: It cannot be read: ${systemReason(error)}. Give a scenario file, a link or a preset.`);
  }
  const json = parseJson(text);
  if (!json.ok)
    throw new InputError(`${file}, line ${json.line}, column ${json.column}: This is not JSON: ${json.what}. Correct the file.`);
  const parsed = parseScenario(json.value);
  if (!parsed.ok) throw new InputError(oneLine(file, parsed.errors));
  return parsed.scenario;
}

/** A scenario, and the fitted models that its link holds. */
export interface GivenScenario {
  readonly scenario: Scenario;
  readonly models: readonly NamedProfile[];
}

const alone = (scenario: Scenario): GivenScenario => ({ scenario, models: [] });

export async function scenarioArgument(given: string): Promise<GivenScenario> {
  const preset = presets.find((entry) => entry.id === given);
  if (preset !== undefined) return alone(preset.scenario);
  if (existsSync(given)) return alone(readScenarioFile(given));
  if (linkParts(given) !== null || given.includes("#")) {
    const outcome = await decodeLink(given);
    if (!outcome.ok) throw new InputError(oneLine("link", outcome.errors));
    return { scenario: outcome.scenario, models: await modelsOfLink(given, outcome.scenario) };
  }
  if (/[/\\]|\.json$/i.test(given)) throw new InputError(`${given}: There is no such file. Give a scenario file, a link or a preset.`);
  const ids = presets.map((entry) => entry.id);
  const near = nearest(given, ids);
  throw new InputError(
    `${given}: There is no such preset or file.${near === null ? "" : ` Did you mean "${near}"?`} Give a scenario file, a link, or a preset: ${ids.join(", ")}.`,
  );
}
