// Fitted models inside a link: a part &m= with those that the scenario names, without their draws, so that whoever opens it needs no file.
// A model that is not the one that the scenario names by its hash is left out; a damaged part never blocks the scenario.
import { canonicalModel, parseModel, withoutDraws } from "../latency/fit/model-file.ts";
import { modelHash } from "../latency/profile/encode.ts";
import { pack, unpack } from "./link.ts";
import { profilesOf } from "./profile-refs.ts";
import type { NamedProfile } from "./profiles.ts";
import type { Scenario } from "./types.ts";

/** Models that would make a link longer than this are left out: they are named by their hash, as operator times are. */
const MOST_CHARACTERS = 3000;

/** "&m=…" with the fitted models that the scenario names and `given` holds; "" for none. */
export async function modelsPart(scenario: Scenario, given: readonly NamedProfile[]): Promise<string> {
  const models = profilesOf(scenario).flatMap((ref) => {
    const profile = given.find(({ hash }) => hash === ref.hash)?.profile;
    return profile !== undefined && "fitted" in profile ? [canonicalModel(withoutDraws(profile.fitted))] : [];
  });
  if (models.length === 0) return "";
  const part = `&m=${await pack(models)}`;
  return part.length > MOST_CHARACTERS ? "" : part;
}

/** The models that a link holds, of those that its scenario names. */
export async function modelsOfLink(link: string, scenario: Scenario): Promise<readonly NamedProfile[]> {
  const packed = link
    .slice(link.indexOf("#") + 1)
    .split("&")
    .find((part) => part.startsWith("m="));
  if (packed === undefined || packed.length > MOST_CHARACTERS) return [];
  const raw = await unpack(packed.slice(2));
  if (!Array.isArray(raw)) return [];
  const refs = profilesOf(scenario);
  return raw.flatMap((one): NamedProfile[] => {
    const model = parseModel(JSON.stringify(one));
    if (typeof model === "string") return [];
    const hash = modelHash(model);
    const ref = refs.find((entry) => entry.hash === hash);
    return ref === undefined ? [] : [{ hash, file: ref.file, profile: { version: 1, fitted: model } }];
  });
}
