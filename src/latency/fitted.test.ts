import { expect, test } from "vitest";
import { gpuById, modelById } from "../catalog/index.ts";
import type { DecodeForm } from "../engine/contracts.ts";
import { encodeProfile, hashOf } from "./profile/encode.ts";
import { readProfile } from "./profile/read.ts";
import { looksLikeProfile } from "./profile/sniff.ts";
import { isModelText, modelText, parseModel } from "./fit/model-file.ts";
import { testModel, testModelText } from "./fit/testing-model.ts";
import { openFitted } from "./fitted-model.ts";
import { FittedTime } from "./fitted-time.ts";
import { latencyById } from "./index.ts";
import { openProfile } from "./operator-table-model.ts";
import { emptyShape } from "./shape.ts";
import { testProfile } from "./testing-profile.ts";

const shard = { gpu: gpuById("h100-sxm"), model: modelById("llama-3.1-8b"), tensorParallel: 1, pipelineParallel: 1 };

test("a batch of prompts and decodes, worked out by hand", () => {
  // T = 410, P = 400 of 2 prompts with 100 in their cache, D = 10 with 20,000 in theirs, W = 400 x (50 + 100) = 60,000.
  const shape = {
    ...emptyShape,
    prefillTokens: 400,
    prefillRequests: 2,
    prefillContext: 100,
    prefillWork: 60_000,
    decodeRequests: 10,
    decodeContext: 20_000,
  };
  const byHand =
    0.01 +
    410e-5 +
    0.002 +
    20_000 * 2e-8 +
    60_000 * 1e-8 +
    20_100 * 1e-8 +
    20_000 * 1e-9 +
    (20_000 - 8192) * 3e-8 +
    (20_000 - 16_384) * 5e-9 +
    64 * 2e-5 +
    16 * 4e-5 +
    16 * 6e-5;
  expect(new FittedTime(testModel, 1).iteration(shape)).toBeCloseTo(byHand, 14);
  expect(new FittedTime(testModel, 2).iteration(shape)).toBeCloseTo(byHand / 2, 14);
});

test("the decode form is the piece on which the context lies", () => {
  const model = new FittedTime(testModel, 1);
  const form: DecodeForm = { base: 0, perContext: 0, below: 0 };
  const base = 0.01 + 4e-5 + 4 * 2e-5 + 8 * 6e-5;
  const pieces = [
    [100, base, 3e-8, 8192],
    [8192, base - 8192 * 3e-8, 6e-8, 65_536],
    [70_000, base - 8192 * 3e-8 - 65_536 * 4e-8, 1e-7, Infinity],
  ] as const;
  for (const [context, atZero, slope, below] of pieces) {
    model.decodeForm(4, context, form);
    expect(form.base).toBeCloseTo(atZero, 14);
    expect(form.perContext).toBeCloseTo(slope, 18);
    expect(form.below).toBe(below);
  }
});

test("one writing per content: other spaces and another order of keys are the same model", () => {
  const turned = JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(testModelText) as object).reverse()), null, 7);
  expect(isModelText(turned)).toBe(true);
  expect(modelText(parseModel(turned) as typeof testModel)).toBe(modelText(testModel));
  expect(modelText(testModel).startsWith('{\n  "format": "goodput-latency-model"')).toBe(true);
});

test("a model that cannot be used gives one sentence", () => {
  const changed = (change: object): string => {
    const outcome = parseModel(JSON.stringify({ ...(JSON.parse(testModelText) as object), ...change }));
    return typeof outcome === "string" ? outcome : "";
  };
  expect(parseModel("{")).toMatch(/damaged or cut short/);
  expect(changed({ version: 2 })).toMatch(/newer Goodput \(version 2/);
  expect(changed({ dictionary: 9 })).toMatch(/newer Goodput/);
  expect(changed({ terms: [{ term: "1", coefficient: -1 }] })).toMatch(/damaged/);
  expect(changed({ terms: [] })).toMatch(/damaged/);
  expect(changed({ hull: { mixed: {} } })).toMatch(/damaged/);
  expect(changed({ terms: [{ term: "exp(T)", coefficient: 1 }] })).toBe(
    'The fitted model has a term "exp(T)" that Goodput does not know: correct its name.',
  );
  expect(changed({ terms: [{ term: "W", coefficient: 1 }] })).toMatch(/takes no time/);
});

const streamOf = (text: string) => ({ stream: new Blob([text]).stream() as ReadableStream<Uint8Array>, bytes: text.length });

test("a fitted model is read, sniffed and named by hash like a profile, and stands alone", async () => {
  expect(looksLikeProfile(new TextEncoder().encode(testModelText))).toBe(true);
  const outcome = await readProfile([{ file: "model.json", ...streamOf(testModelText) }]);
  if (!outcome.ok) throw new Error(outcome.text);
  expect(outcome.profile).toEqual({ version: 1, fitted: testModel });
  expect(outcome.report).toMatchObject({ file: "model.json", tables: [], fitted: { form: "selected", terms: 13, mapePct: 3 } });
  expect(outcome.report.hash).toBe(hashOf(encodeProfile(outcome.profile)));
  const two = await readProfile([
    { file: "a.json", ...streamOf(testModelText) },
    { file: "b.json", ...streamOf(testModelText) },
  ]);
  expect(two.ok ? "" : two.text).toBe("a.json: A fitted model is a profile of its own: give it alone.");
  const cut = await readProfile([{ file: "a.json", ...streamOf(testModelText.slice(0, 400)) }]);
  expect(cut.ok ? "" : cut.text).toMatch(/^a\.json: The fitted model is damaged/);
});

test("what a pool names must be of the kind that its latency needs", () => {
  const profiles = new Map([
    ["ops", openProfile(testProfile, "ops")],
    ["fit", openFitted(testModel, "fit")],
  ]);
  const create = (id: string, hash: string | null) => () =>
    latencyById(id).create({ profile: hash === null ? null : { hash, file: hash }, cpuPerIteration: 0, cpuPerRequest: 0 } as never, shard, {
      profiles,
      blockSize: 16,
    });
  expect(create("fitted", "ops")).toThrow('ops holds operator times: choose the latency "operator-table", or give a fitted model.');
  expect(create("operator-table", "fit")).toThrow('fit is a fitted model: choose the latency "fitted", or give operator times.');
  expect(create("fitted", null)).toThrow("The fitted latency has no model.");
  expect(create("fitted", "other")).toThrow(/The scenario needs the fitted model "other"/);
  expect(create("fitted", "fit")).not.toThrow();
});
