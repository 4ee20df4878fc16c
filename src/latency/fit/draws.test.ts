import { expect, test } from "vitest";
import { encodeProfile, hashOf, modelHash, profileHash } from "../profile/encode.ts";
import { openFitted } from "../fitted-model.ts";
import { FittedTime } from "../fitted-time.ts";
import { emptyShape } from "../shape.ts";
import { areDraws, drawCoefficients, drawsHash, drawsOf } from "./draws.ts";
import { modelText, parseModel, withoutDraws } from "./model-file.ts";
import type { FittedModel } from "./model-file.ts";
import { testModel, testModelWithDraws } from "./testing-model.ts";

const bootstrap = {
  replicates: 3,
  seed: 1,
  unit: "row" as const,
  ci95: [],
  notNeeded: [],
  // Two terms; the second replicate has nothing that takes time.
  coefficients: Float64Array.of(0.01, 2e-6, 0, 3e-6, 0.02, 0),
};

test("draws keep ends and zeros exactly, others to a share of 2^-16 of the term's width, and leave out what cannot time a batch", () => {
  const draws = drawsOf(bootstrap, ([constant]) => constant! > 0)!;
  expect(draws).toMatchObject({ count: 2, low: [0.01, 0], high: [0.02, 2e-6], codes: "0000ffffffff0000" });
  expect(drawCoefficients(draws, 1)).toEqual([0.01, 2e-6]);
  expect(drawCoefficients(draws, 2)).toEqual([0.02, 0]);
  const all = drawsOf(bootstrap, () => true)!;
  expect(drawCoefficients(all, 1)[0]).toBeCloseTo(0.01, 6);
  expect(drawsOf(bootstrap, () => false)).toBeNull();
});

test("draws that were changed are refused", () => {
  const draws = drawsOf(bootstrap, () => true)!;
  const hash = drawsHash(draws);
  expect(areDraws(draws, 2, hash)).toBe(true);
  expect(areDraws(draws, 3, hash)).toBe(false);
  expect(areDraws({ ...draws, codes: `1${draws.codes.slice(1)}` }, 2, hash)).toBe(false);
  expect(areDraws({ ...draws, codes: draws.codes.slice(4) }, 2, hash)).toBe(false);
  const text = modelText(testModelWithDraws);
  expect(parseModel(text)).toEqual(parseModel(modelText(parseModel(text) as FittedModel)));
  expect(parseModel(text.replace(/"count": 2/, '"count": 1'))).toMatch(/^The draws of the fitted model are damaged/);
});

test("a model has the same hash with its draws and without them", () => {
  expect(modelHash(testModelWithDraws)).toBe(modelHash(withoutDraws(testModelWithDraws)));
  expect(modelHash(testModelWithDraws)).not.toBe(modelHash(testModel));
  expect(profileHash({ version: 1, fitted: testModel })).toBe(hashOf(encodeProfile({ version: 1, fitted: testModel })));
});

test("a pool runs on the draw that it names, or says why it cannot", () => {
  const shard = { pipelineParallel: 1 } as never;
  const none = { perIteration: 0, perRequest: 0 };
  const open = openFitted(testModelWithDraws, "measured");
  const decodes = { ...emptyShape, decodeRequests: 2, decodeContext: 100 };
  const time = (draw: number): number => (open.create(shard, none, 16, draw) as FittedTime).iteration(decodes);
  expect(open.draws).toBe(2);
  expect(time(0)).toBe(new FittedTime(testModel, 1).iteration(decodes));
  expect(time(2) / time(0)).toBeCloseTo(1.1, 9);
  expect(() => time(3)).toThrow('The fitted model "measured" has 2 draws, so that there is no draw 3: give at most 2.');
  expect(() => openFitted(testModel, "plain").create(shard, none, 16, 1)).toThrow(/has no draws.*fit it again with intervals/);
  expect(() => openFitted(withoutDraws(testModelWithDraws), "linked").create(shard, none, 16, 1)).toThrow(/came without its draws/);
});
