// goodput link encode, goodput link decode
import { compact } from "../scenario/compact.ts";
import { decodeLink, encodeLink } from "../scenario/link.ts";
import { InputError } from "./input-error.ts";
import { print, printJson } from "./print.ts";
import { oneLine, scenarioArgument } from "./scenario-argument.ts";

export async function encode(given: string): Promise<void> {
  print(await encodeLink(await scenarioArgument(given)));
}

/** Prints what differs from the default scenario: the file that `run` and `link encode` take. */
export async function decode(link: string): Promise<void> {
  const outcome = await decodeLink(link);
  if (!outcome.ok) throw new InputError(oneLine("link", outcome.errors));
  printJson(compact(outcome.scenario));
}
