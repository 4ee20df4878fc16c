// goodput link encode, goodput link decode
import { compact } from "../scenario/compact.ts";
import { decodeLink, encodeLink } from "../scenario/link.ts";
import { modelsPart } from "../scenario/link-models.ts";
import { InputError } from "./input-error.ts";
import { print, printJson } from "./print.ts";
import { oneLine, scenarioArgument } from "./scenario-argument.ts";
import { withProfileFiles } from "./scenario-flags.ts";

/** Fitted models of --profile travel in the link; operator times do not. */
export async function encode(given: string, flags: { readonly profile: readonly string[] }): Promise<void> {
  const argument = await scenarioArgument(given);
  const { scenario, profiles } = await withProfileFiles(argument.scenario, flags.profile, argument.models);
  print(`${await encodeLink(scenario)}${await modelsPart(scenario, profiles)}`);
}

/** Prints what differs from the default scenario: the file that `run` and `link encode` take. */
export async function decode(link: string): Promise<void> {
  const outcome = await decodeLink(link);
  if (!outcome.ok) throw new InputError(oneLine("link", outcome.errors));
  printJson(compact(outcome.scenario));
}
