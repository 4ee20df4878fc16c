import { expect, test } from "vitest";
import { gpuById, modelById } from "../catalog/index.ts";
import type { DecodeForm } from "../engine/contracts.ts";
import { modelText, parseModel } from "./fit/model-file.ts";
import { testPlanes } from "./fit/testing-model.ts";
import { openFitted } from "./fitted-model.ts";
import { PlanesTime } from "./fitted-planes.ts";
import { emptyShape } from "./shape.ts";

const time = new PlanesTime(testPlanes.terms, 1);
const of = (decodes: number, context: number): number => Math.max(0.012, 0.008 + 4e-8 * context + 1e-5 * decodes, 6e-8 * context);

test("the time is that of the largest plane", () => {
  for (const [decodes, context] of [
    [1, 100],
    [64, 90_000],
    [200, 150_000],
    [8, 500_000],
  ] as const)
    expect(time.iteration({ ...emptyShape, decodeRequests: decodes, decodeContext: context })).toBeCloseTo(of(decodes, context), 14);
  const prompt = { ...emptyShape, prefillTokens: 1000, prefillRequests: 1, prefillWork: 5e5 };
  expect(time.iteration(prompt)).toBeCloseTo(0.05 + 5e-4, 14);
  expect(new PlanesTime(testPlanes.terms, 2).iteration(prompt)).toBeCloseTo(0.02525, 14);
});

test("pieces join where planes cross, and leaping along one gives the bits of stepping", () => {
  const form: DecodeForm = { base: 0, perContext: 0, below: 0 };
  const bounds: number[] = [];
  const decodes = 40;
  for (let context = decodes; context < 600_000;) {
    time.decodeForm(decodes, context, form);
    bounds.push(form.below);
    const end = Math.min(form.below, 600_000);
    for (const at of [context, Math.floor((context + end) / 2), end - 1]) {
      const own: DecodeForm = { base: 0, perContext: 0, below: 0 };
      time.decodeForm(decodes, at, own);
      expect(own).toEqual(form);
      const stepped = time.iteration({ ...emptyShape, decodeRequests: decodes, decodeContext: at });
      expect(form.base + form.perContext * at).toBe(stepped);
      expect(stepped).toBeCloseTo(of(decodes, at), 14);
    }
    context = end;
  }
  // 0.012 = 0.0084 + 4e-8 C, then 0.0084 = 2e-8 C.
  expect(bounds[0]! - 90_000).toBeLessThanOrEqual(1);
  expect(bounds[1]! - 420_000).toBeLessThanOrEqual(1);
  expect(bounds[2]).toBe(Infinity);
});

test("a model of planes goes through its file, says its planes, and is refused where they are wrong", () => {
  expect(parseModel(modelText(testPlanes))).toEqual(testPlanes);
  const shard = { gpu: gpuById("h100-sxm"), model: modelById("llama-3.1-8b"), tensorParallel: 1, pipelineParallel: 1 };
  const labels = openFitted(testPlanes, "planes")
    .explain(shard, { perIteration: 0, perRequest: 0 }, 16)
    .map(({ label }) => label);
  expect(labels).toContain("Plane 2: Per C");
  const changed = (terms: unknown): unknown => parseModel(JSON.stringify({ ...testPlanes, terms }));
  expect(changed([...testPlanes.terms, { term: "max(T-64,0)", plane: 1, coefficient: 1 }])).toMatch(
    /in a plane, where terms are without knots/,
  );
  expect(changed([...testPlanes.terms, { term: "T", coefficient: 1 }])).toMatch(/damaged/);
  expect(changed([...testPlanes.terms, { term: "1", plane: 1, coefficient: 1 }])).toMatch(/damaged/);
  expect(changed([...testPlanes.terms, { term: "T", plane: 99, coefficient: 1 }])).toMatch(/damaged/);
});
