// What every replica scheduler must hold, on random small fleets: leaping gives the bytes of stepping, and the books balance.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { SimulationConfig } from "../../engine/config.ts";
import { WAIT, definePolicy } from "../../engine/contracts.ts";
import { createEngine } from "../../engine/index.ts";
import type { Engine } from "../../engine/index.ts";
import { Ledger } from "../../engine/testing-ledger.ts";
import { textOf } from "../../engine/testing.ts";
import { ordering } from "../ordering/index.ts";
import { configFrom, recipes, routerOf, type Recipe } from "../testing-scenarios.ts";
import { batching } from "./index.ts";
import { sarathi } from "./sarathi.ts";

const RUNS = Number(process.env["PROPERTY_RUNS"] ?? 60);
/** Far above what the largest of these runs needs. */
const MOST_EVENTS = 200_000;

/** The replica with the smallest share of its KV blocks in use; nobody while every one that has work uses more than half. */
const leastBlocks = definePolicy({
  kind: "routing",
  id: "least-blocks",
  label: "Least blocks",
  help: "",
  params: {},
  create: () => ({
    route: (_slot, fleet) => {
      let best = -1;
      let least = Infinity;
      for (let i = 0; i < fleet.candidateCount; i++) {
        const replica = fleet.candidates[i]!;
        const share = fleet.kvUsedBlocks(replica) / fleet.kvBlocks(replica);
        if ((share <= 0.5 || fleet.load.outstanding[replica] === 0) && share < least) {
          best = replica;
          least = share;
        }
      }
      return best < 0 ? WAIT : best;
    },
  }),
});

function run(config: SimulationConfig, limit = Infinity): { engine: Engine; ledger: Ledger } {
  const ledger = new Ledger();
  const engine = createEngine(config, { keepRequests: true, recorders: [ledger] });
  ledger.attach(engine);
  engine.simulation.runUntil(limit, MOST_EVENTS);
  expect(engine.simulation.events, "a run without end").toBeLessThan(MOST_EVENTS);
  engine.simulation.finish();
  return { engine, ledger };
}

/** An order of the queue that turns while decodes go on, after a batch of prompts alone beside decodes that stand still. */
const turning = {
  seed: 0,
  ties: false,
  requests: (
    [
      [110, 23, 0],
      [33, 8, 0],
      [139, 23, 1],
      [17, 7, 0],
      [78, 21, 1],
      [269, 4, 0],
      [8, 13, 1],
      [129, 3, 1],
      [1, 2, 0],
      [129, 2, 1],
    ] as const
  ).map(([prompt, output, tenant]) => ({ gap: 0, prompt, output, tenant, head: 0 })),
  caching: false,
  users: 0,
  latency: "closed",
  perContext: 3,
  layout: "split",
  replicas: 1,
  stages: 2,
  blockSize: 16,
  spareBlocks: 1,
  batchCap: 256,
  budget: 16,
  watermark: 0,
  staleness: 0,
  admission: "none",
  ordering: ordering.findIndex(({ id }) => id === "vtc-artifact"),
  prediction: "none",
  cost: "linear",
  faults: [],
} satisfies Recipe;

/** Its plans hang on what it remembers of the queue. */
const plannedAhead: typeof sarathi = {
  ...sarathi,
  id: "sarathi, planned ahead",
  create: (values, context) => sarathi.create({ ...values, planAhead: true } as unknown as typeof values, context),
};

describe.each([...batching, plannedAhead])("$id", (scheduler) => {
  test("the books balance at the end of a run, and the blocks are free", () => {
    fc.assert(
      fc.property(recipes, (recipe) => {
        const { engine, ledger } = run(configFrom(recipe, scheduler, routerOf(recipe), false));
        expect(ledger.check(engine, true)).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  });

  test("leaping gives the same bytes as stepping", () => {
    fc.assert(
      fc.property(recipes, (recipe) => {
        const [leapt, stepped] = [false, true].map((step) => textOf(run(configFrom(recipe, scheduler, routerOf(recipe), step)).engine));
        expect(leapt).toEqual(stepped);
      }),
      { numRuns: RUNS, examples: [[turning]] },
    );
  });

  test("a scheduler that says it is steady need not be asked: asking it every time gives the same bytes", () => {
    const asked: typeof scheduler = {
      ...scheduler,
      create: (values, context) => {
        const policy = scheduler.create(values, context);
        return { ...policy, steady: false };
      },
    };
    fc.assert(
      fc.property(recipes, (recipe) => {
        const [trusted, always] = [scheduler, asked].map((one) => textOf(run(configFrom(recipe, one, routerOf(recipe), false)).engine));
        expect(trusted).toEqual(always);
      }),
      // Twice as many: a lane that stands still beside one that computes prompts is rare.
      { numRuns: 2 * RUNS },
    );
  });

  test("a router that goes by KV blocks in use, and holds requests back, sees the same leaping and stepping", () => {
    fc.assert(
      fc.property(recipes, (recipe) => {
        const [leapt, stepped] = [false, true].map((step) => {
          const { engine, ledger } = run(configFrom(recipe, scheduler, leastBlocks, step));
          expect(ledger.check(engine, true)).toEqual([]);
          return textOf(engine);
        });
        expect(leapt).toEqual(stepped);
      }),
      { numRuns: RUNS },
    );
  });

  test("a run that is cut at a time gives the same bytes leaping and stepping, and its books balance", () => {
    fc.assert(
      fc.property(recipes, fc.nat(400), (recipe, cut) => {
        const [leapt, stepped] = [false, true].map((step) => run(configFrom(recipe, scheduler, routerOf(recipe), step), cut / 64));
        expect(textOf(leapt!.engine)).toEqual(textOf(stepped!.engine));
        expect(leapt!.ledger.check(leapt!.engine, false)).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  });

  test("slices of time and of events give the bytes of one go", () => {
    fc.assert(
      fc.property(recipes, fc.array(fc.tuple(fc.nat(40), fc.integer({ min: 1, max: 30 })), { maxLength: 30 }), (recipe, slices) => {
        const whole = run(configFrom(recipe, scheduler, routerOf(recipe), false)).engine;
        const sliced = createEngine(configFrom(recipe, scheduler, routerOf(recipe), false), {
          keepRequests: true,
          recorders: [new Ledger()],
        });
        const { simulation } = sliced;
        (simulation.recorders[1] as Ledger).attach(sliced);
        for (const [ahead, events] of slices) {
          simulation.runUntil(simulation.now + ahead / 64, events);
          if (events % 3 === 0) sliced.summary(false);
          if (events % 5 === 0) sliced.series();
        }
        simulation.runUntil(Infinity);
        simulation.finish();
        expect(textOf(sliced)).toEqual(textOf(whole));
      }),
      { numRuns: RUNS },
    );
  });

  test("a run saved at any event and restored into a fresh engine ends with the same bytes, and so does the run it was saved from", () => {
    fc.assert(
      fc.property(recipes, fc.nat(200), fc.boolean(), (recipe, events, step) => {
        const fresh = (): Engine => createEngine(configFrom(recipe, scheduler, routerOf(recipe), step), { keepRequests: true });
        const [whole, saved, restored] = [fresh(), fresh(), fresh()];
        saved.simulation.runUntil(Infinity, events);
        const snapshot = structuredClone(saved.simulation.snapshot());
        restored.simulation.restore(snapshot);
        for (const { simulation } of [whole, saved, restored]) {
          simulation.runUntil(Infinity);
          simulation.finish();
        }
        expect(textOf(saved)).toEqual(textOf(whole));
        expect(textOf(restored)).toEqual(textOf(whole));
      }),
      { numRuns: RUNS },
    );
  });

  test("a snapshot serves more than once, also for an engine that has run on", () => {
    fc.assert(
      fc.property(recipes, fc.nat(200), fc.nat(200), (recipe, events, more) => {
        const engine = createEngine(configFrom(recipe, scheduler, routerOf(recipe), false), { keepRequests: true });
        const { simulation } = engine;
        simulation.runUntil(Infinity, events);
        const snapshot = simulation.snapshot();
        const ends = [more, Infinity].map((further) => {
          simulation.runUntil(Infinity, further);
          if (further === Infinity) simulation.finish();
          const end = textOf(engine);
          simulation.restore(snapshot);
          return end;
        });
        simulation.runUntil(Infinity);
        simulation.finish();
        expect(textOf(engine)).toEqual(ends[1]);
      }),
      { numRuns: Math.ceil(RUNS / 2) },
    );
  });
});
