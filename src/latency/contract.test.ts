// What every latency model keeps, for every GPU and model of the catalog that fits.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { gpus, gpuById, modelById, models } from "../catalog/index.ts";
import type { BatchShape, DecodeForm } from "../engine/contracts.ts";
import { defaultsOf } from "../engine/params.ts";
import type { Params, Values } from "../engine/params.ts";
import { latencyById, latencyModels } from "./index.ts";
import { planMemory } from "./memory-plan.ts";
import { testModel } from "./fit/testing-model.ts";
import { openFitted } from "./fitted-model.ts";
import { openProfile } from "./operator-table-model.ts";
import { partsOf } from "./parts.ts";
import { emptyShape } from "./shape.ts";
import { testProfile } from "./testing-profile.ts";
import type { Shard } from "./types.ts";

/** Every pair at the fewest devices that hold it, and the same cut in two stages. */
const shards: Shard[] = [];
for (const gpu of gpus)
  for (const model of models) {
    const tensorParallel = [1, 2, 4, 8, 16].find(
      (tp) =>
        model.heads % tp === 0 &&
        planMemory({ gpu, model, tensorParallel: tp, pipelineParallel: 1 }, { blockSize: 16, memoryUtilisation: 0.9 }).problem === null,
    );
    if (tensorParallel === undefined) continue;
    shards.push({ gpu, model, tensorParallel, pipelineParallel: 1 }, { gpu, model, tensorParallel, pipelineParallel: 2 });
  }

/** A profile for each model that needs one, by the model's id: it times any model. */
const profiled = {
  profiles: new Map([
    ["operator-table", openProfile(testProfile, "test")],
    ["fitted", openFitted(testModel, "test")],
  ]),
  blockSize: 16,
};

/** Batches that can be: a prefill has at least a token, a decode at least one token of context. */
const batches = fc
  .record({
    prefills: fc.array(fc.record({ chunk: fc.integer({ min: 1, max: 8192 }), past: fc.integer({ min: 0, max: 100_000 }) }), {
      maxLength: 6,
    }),
    decodes: fc.integer({ min: 0, max: 512 }),
    meanContext: fc.integer({ min: 1, max: 50_000 }),
  })
  .filter((b) => b.prefills.length > 0 || b.decodes > 0)
  .map(({ prefills, decodes, meanContext }): BatchShape => {
    const sum = (f: (p: { chunk: number; past: number }) => number): number => prefills.reduce((total, p) => total + f(p), 0);
    return {
      prefillTokens: sum((p) => p.chunk),
      prefillRequests: prefills.length,
      decodeRequests: decodes,
      decodeContext: decodes * meanContext,
      prefillContext: sum((p) => p.past),
      prefillWork: sum((p) => p.chunk * (p.past + p.chunk / 2)),
      prefillSquares: sum((p) => p.chunk * p.chunk),
    };
  });

describe.each(latencyModels.map((d) => [d.id, d] as const))("latency model %s", (id, definition) => {
  const named = Object.entries(definition.params).filter(([, param]) => param.kind === "profile");
  const values = {
    ...defaultsOf(definition.params),
    ...Object.fromEntries(named.map(([key]) => [key, { hash: id, file: "test" }])),
  } as unknown as Values<Params>;
  const anyShard = fc.constantFrom(...shards);

  test("parameters have a default inside their range, and help", () => {
    for (const [key, param] of Object.entries(definition.params)) {
      expect(param.help.length, key).toBeGreaterThan(10);
      if (param.kind === "number") expect(param.default >= param.min && param.default <= param.max, key).toBe(true);
    }
  });

  test("times are positive and finite for every pair that fits", () => {
    expect(shards.length).toBeGreaterThan(1000);
    for (const shard of shards) {
      const latency = definition.create(values, shard, profiled);
      for (let stage = 0; stage < shard.pipelineParallel; stage++)
        for (const shape of [
          { ...emptyShape, decodeRequests: 1, decodeContext: 1 },
          { ...emptyShape, decodeRequests: 256, decodeContext: 1e6 },
          { ...emptyShape, prefillTokens: 1, prefillRequests: 1, prefillWork: 0.5, prefillSquares: 1 },
          {
            ...emptyShape,
            prefillTokens: 8192,
            prefillRequests: 1,
            prefillContext: 1e5,
            prefillWork: 8192 * (1e5 + 4096),
            prefillSquares: 8192 * 8192,
          },
        ]) {
          const seconds = latency.iteration(shape, stage);
          expect(seconds > 0 && seconds < 1e4, `${shard.gpu.id} ${shard.model.id} ${seconds}`).toBe(true);
        }
    }
  });

  test("never shorter for more work, whichever aggregate grows", () => {
    // Tables round the mean context up: the same context shared by one more request may cost less.
    const keys = [
      "prefillTokens",
      "prefillRequests",
      "decodeRequests",
      "decodeContext",
      "prefillContext",
      "prefillWork",
      "prefillSquares",
    ].filter((key) => !(id === "operator-table" && key === "decodeRequests")) as (keyof BatchShape)[];
    fc.assert(
      fc.property(anyShard, batches, fc.constantFrom(...keys), fc.integer({ min: 1, max: 5000 }), (shard, shape, key, more) => {
        const latency = definition.create(values, shard, profiled);
        const stage = shard.pipelineParallel - 1;
        const before = latency.iteration(shape, stage);
        const after = latency.iteration({ ...shape, [key]: shape[key] + more }, stage);
        // A sum of doubles may lose the last bit.
        expect(after).toBeGreaterThanOrEqual(before * (1 - 1e-12));
      }),
      { numRuns: 1500 },
    );
  });

  test("the decode form is the iteration, to the last bit, up to `below`", () => {
    const single = shards.filter((s) => s.pipelineParallel === 1);
    fc.assert(
      fc.property(
        fc.constantFrom(...single),
        fc.integer({ min: 1, max: 1024 }),
        fc.integer({ min: 1, max: 40_000 }),
        fc.integer({ min: 0, max: 3000 }),
        (shard, requests, meanContext, leap) => {
          const latency = definition.create(values, shard, profiled);
          const form: DecodeForm = { base: 0, perContext: 0, below: 0 };
          let context = requests * meanContext;
          latency.decodeForm?.(requests, context, form);
          expect(form.below).toBeGreaterThan(context);
          const start = context;
          while (context < Math.min(form.below, start + 2 + requests * leap)) {
            const iteration = latency.iteration({ ...emptyShape, decodeRequests: requests, decodeContext: context }, 0);
            if (!Object.is(iteration, form.base + form.perContext * context))
              throw new Error(`${shard.gpu.id} ${shard.model.id} at ${context}`);
            context += requests * Math.max(1, Math.floor(leap / 50));
          }
        },
      ),
      { numRuns: 2000 },
    );
  });

  test("its parts, where it knows them, add up to the iteration", () => {
    fc.assert(
      fc.property(anyShard, batches, (shard, shape) => {
        const known = partsOf({ id: definition.id, params: values }, shard, profiled);
        if (known === null) return;
        const latency = definition.create(values, shard, profiled);
        const parts = new Float64Array(known.names.length);
        for (let stage = 0; stage < shard.pipelineParallel; stage++) {
          known.of(shape, stage, parts);
          const sum = parts.reduce((total, part) => total + part, 0);
          expect(Math.abs(sum / latency.iteration(shape, stage) - 1)).toBeLessThan(1e-12);
          expect(Math.min(...parts)).toBeGreaterThanOrEqual(0);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test("explains itself with sources", () => {
    const terms = definition.explain(
      values,
      {
        gpu: gpuById("h100-sxm"),
        model: modelById("llama-3.1-8b"),
        tensorParallel: 1,
        pipelineParallel: 1,
      },
      profiled,
    );
    expect(terms.length).toBeGreaterThan(4);
    for (const term of terms) expect(term.source.length > 2 && Number.isFinite(term.value), term.label).toBe(true);
    for (const label of ["One decode, context 1,000", "64 decodes, context 1,000 each", "Prefill of 1,000 tokens"])
      expect(terms.some((t) => t.label === label)).toBe(true);
  });
});

test("an unknown latency model names the known ones", () => {
  expect(() => latencyById("magic")).toThrow(
    'Unknown latency model "magic". Known: roofline, linear, linear-phases, token-table, operator-table, fitted.',
  );
});

test("roofline, linear and operator tables know their parts; a table by tokens, a fitted model, and a table without its profile, do not", () => {
  for (const id of ["roofline", "linear"]) expect(partsOf({ id }, shards[0]!)).not.toBeNull();
  for (const id of ["token-table", "operator-table"]) expect(partsOf({ id }, shards[0]!)).toBeNull();
  const params = { profile: { hash: "operator-table", file: "test" } };
  const one = { gpu: gpuById("h100-sxm"), model: modelById("llama-3.1-8b"), tensorParallel: 1, pipelineParallel: 1 };
  const names = (shard: Shard): readonly string[] => partsOf({ id: "operator-table", params }, shard, profiled)!.names;
  expect(names(one)).toContain("mlp_up_proj");
  expect(names(one).at(-1)).toBe("host");
  // What one device never does has no part.
  for (const name of ["all_reduce", "send_recv"]) expect(names(one)).not.toContain(name);
  expect(names({ ...one, tensorParallel: 2, pipelineParallel: 2 })).toEqual(expect.arrayContaining(["all_reduce", "send_recv"]));
  expect(partsOf({ id: "fitted", params: { profile: { hash: "fitted", file: "test" } } }, one, profiled)).toBeNull();
});
