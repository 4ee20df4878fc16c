// Fitted models that travel in links. Loaded only for a scenario that runs on one.
import { modelReport } from "../../latency/profile/read.ts";
import { modelsOfLink, modelsPart } from "../../scenario/link-models.ts";
import { profilesOf } from "../../scenario/profile-refs.ts";
import type { Scenario } from "../../scenario/types.ts";
import { findProfile, keepProfile } from "../state/profile-database.ts";

/** The part of a link with the models of the scenario that are on this machine. */
export async function modelsFor(scenario: Scenario): Promise<string> {
  const found = await Promise.all(
    profilesOf(scenario).map(async (ref) => {
      const profile = await findProfile(ref.hash);
      return profile === null ? [] : [{ hash: ref.hash, file: ref.file, profile }];
    }),
  );
  return modelsPart(scenario, found.flat());
}

/** Keeps the models of a link, but for those that are here already, with their draws. */
export async function keepModelsOf(link: string, scenario: Scenario): Promise<void> {
  for (const { hash, file, profile } of await modelsOfLink(link, scenario))
    if ("fitted" in profile && (await findProfile(hash)) === null) await keepProfile(profile, modelReport(profile.fitted, file));
}
