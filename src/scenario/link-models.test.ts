import { expect, test } from "vitest";
import { testModel, testModelWithDraws } from "../latency/fit/testing-model.ts";
import { modelHash } from "../latency/profile/encode.ts";
import { withoutDraws } from "../latency/fit/model-file.ts";
import { defaultScenario } from "./base.ts";
import { modelsOfLink, modelsPart } from "./link-models.ts";
import { decodeLink, encodeLink, pack } from "./link.ts";
import { withProfile } from "./profile-refs.ts";
import type { NamedProfile } from "./profiles.ts";

const named = (model = testModelWithDraws): NamedProfile => ({
  hash: modelHash(model),
  file: "mine.json",
  profile: { version: 1, fitted: model },
});
const scenario = withProfile(defaultScenario, named(), undefined, "fitted");

test("a link carries the model that its scenario names, without draws, in less than 2,000 characters; both come back", async () => {
  const link = `${await encodeLink(scenario)}${await modelsPart(scenario, [named(), named(testModel)])}`;
  expect(link.length).toBeLessThan(2000);
  const outcome = await decodeLink(link);
  expect(outcome).toMatchObject({ ok: true, scenario });
  expect(await modelsOfLink(link, scenario)).toEqual([
    { hash: named().hash, file: "mine.json", profile: { version: 1, fitted: withoutDraws(testModelWithDraws) } },
  ]);
});

test("a link without a fitted model has no such part", async () => {
  expect(await modelsPart(defaultScenario, [named()])).toBe("");
  expect(await modelsPart(scenario, [])).toBe("");
});

test("a damaged part, or a model that the scenario does not name, is left out", async () => {
  expect(await modelsOfLink("#s=1.x&m=broken", scenario)).toEqual([]);
  expect(await modelsOfLink(`#s=1.x&m=${await pack([testModel, { format: "other" }, 7])}`, scenario)).toEqual([]);
  expect(await modelsOfLink("#s=1.x", scenario)).toEqual([]);
});
