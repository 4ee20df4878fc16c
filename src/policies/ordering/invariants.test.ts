// What holds of fair orders on the suites of the VTC artifact, one engine of its kind: S-LoRA's loop, Llama-7B on an A10G unless said otherwise.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Status } from "../../engine/contracts.ts";
import type { LaneClock, OrderingContext } from "../../engine/contracts.ts";
import { createEngine } from "../../engine/index.ts";
import { configOf, fixedSource, runAll } from "../../engine/testing.ts";
import type { Row } from "../../engine/testing.ts";
import { Fairness } from "../../engine/metrics/fairness.ts";
import type { RequestLog } from "../../engine/metrics/results.ts";
import { valueAt } from "../../engine/metrics/service-curve.ts";
import { withDefaults } from "../../engine/params.ts";
import type { OrderingDefinition } from "../../engine/contracts.ts";
import { rateLimit } from "../admission/rate-limit.ts";
import { slora } from "../batching/slora.ts";
import { roundRobin } from "../routing/round-robin.ts";
import { deficitRoundRobin } from "./deficit-round-robin.ts";
import type { FairCounters } from "./fair-counters.ts";
import { fcfs } from "./fcfs.ts";
import { leastCounterFirst } from "./least-counter-first.ts";
import { vtc, vtcArtifact } from "./vtc.ts";

const POOL = 10_000;
const U = 2 * POOL;
const WEIGHTS = { prompt: 1, output: 2 };

/** Prefill 0.02993 + 0.00022326 n, decode 0.03068 + 0.00014682 B + 8.7685e-7 ctx: Llama-7B on an A10G. */
const a10g = {
  iteration: (shape: { prefillTokens: number; decodeRequests: number; decodeContext: number }) =>
    shape.decodeRequests > 0
      ? 0.03068 + 1.4682e-4 * shape.decodeRequests + 2.2326e-4 * shape.prefillTokens + 8.7685e-7 * shape.decodeContext
      : 0.02993 + 2.2326e-4 * shape.prefillTokens,
  decodeForm: (requests: number, _context: number, into: { base: number; perContext: number; below: number }) => {
    into.base = 0.03068 + 1.4682e-4 * requests;
    into.perContext = 8.7685e-7;
    into.below = Infinity;
  },
};

interface Options {
  readonly order?: OrderingDefinition;
  readonly values?: Readonly<Record<string, unknown>>;
  readonly weights?: readonly number[];
  readonly pool?: number;
  readonly limit?: number;
  readonly step?: boolean;
}

/** Looks on at every admission and at every sample: makes the order, and keeps it. */
function watched(order: OrderingDefinition, made: FairCounters[]): OrderingDefinition {
  return {
    ...order,
    create: (values, context) => {
      const policy = order.create(values, context);
      if (policy !== null) made.push(policy as FairCounters);
      return policy;
    },
  };
}

function configFor(rows: readonly Row[], { order = vtc, values = {}, weights, pool = POOL, limit, step = false }: Options) {
  const tenants = Math.max(...rows.map(({ tenant = 0 }) => tenant)) + 1;
  const config = configOf({
    pools: [
      {
        batching: { definition: slora, values: { maxBatchTokens: Math.max(Math.floor(pool / 6), 3072) } },
        ordering: { definition: order, values },
        latency: a10g,
        kvBlocks: pool,
        blockSize: 1,
      },
    ],
    routing: roundRobin,
    ...(limit === undefined ? {} : { admission: { definition: rateLimit, values: { limit } } }),
    tenants,
    source: fixedSource(rows),
    step,
  });
  return { ...config, tenants: config.tenants.map((tenant, i) => ({ ...tenant, weight: weights?.[i] ?? 1 })) };
}

interface Outcome {
  readonly log: RequestLog;
  readonly fairness: Fairness;
  readonly drift: number;
  readonly makespan: number;
  readonly tokens: number;
}

function run(rows: readonly Row[], options: Options = {}): Outcome {
  const config = configFor(rows, options);
  const engine = runAll(config);
  const log = engine.requests();
  const { weights } = options;
  const tenants = config.tenants.length;
  const shares = Array.from({ length: tenants }, (_, i) => weights?.[i] ?? 1);
  const fairness = new Fairness(log, "tokens", { tenants, shares, weights: WEIGHTS, window: 60 });
  const { makespan, throughput } = engine.summary(true);
  return { log, fairness, drift: fairness.largestDrift(), makespan, tokens: throughput.inputTokensPerS + throughput.outputTokensPerS };
}

/** Requests of each client at a constant rate. */
const clients = (seconds: number, ...rates: readonly (readonly [rate: number, prompt: number, output: number, from?: number])[]): Row[] =>
  rates
    .flatMap(([rate, prompt, output, from = 0], tenant) =>
      Array.from({ length: Math.floor(rate * (seconds - from)) }, (_, k) => ({
        at: from + (k + 0.31 * (tenant + 1)) / rate,
        prompt,
        output,
        tenant,
      })),
    )
    .sort((a, b) => a.at - b.at);

const overload = clients(240, [1.5, 256, 256], [3, 256, 256]);
const mixed = clients(200, [8, 64, 64], [1.5, 256, 256]);

const ttfts = ({ log }: Outcome, tenant: number): number[] =>
  Array.from(log.firstTokenAt.keys())
    .filter((row) => log.tenant[row] === tenant && log.status[row] === Status.completed)
    .map((row) => log.firstTokenAt[row]! - log.arrivedAt[row]!)
    .sort((a, b) => a - b);
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const events = ({ log }: Outcome): unknown => [log.id, log.scheduledAt, log.firstTokenAt, log.finishedAt].map((column) => [...column]);
const served = ({ fairness }: Outcome, tenant: number, from: number, to: number): number =>
  valueAt(fairness.service[tenant]!, to) - valueAt(fairness.service[tenant]!, from);

describe("exactness and conservation", () => {
  test("I2: every accepted request completes once with all its tokens, and clean counters are what was served plus what was lifted", () => {
    for (const cost of ["linear", "profiled"]) {
      const made: FairCounters[] = [];
      const config = configFor(mixed, { order: watched(vtc, made), values: { cost } });
      const log = runAll(config).requests();
      expect(log.length).toBe(mixed.length);
      expect(new Set(log.id).size).toBe(mixed.length);
      const state = made[0]!.state as { lifted: Float64Array };
      const clock: LaneClock = { iterationOf: () => 1e6 };
      for (const tenant of [0, 1]) {
        const own = mixed.filter((row) => row.tenant === tenant);
        const h = (p: number, q: number): number =>
          cost === "linear" ? p + 2 * q : 1.14601454 + 0.21001891 * p + 0.10075395 * q + 0.0039868 * p * q + 0.00324733 * q * q;
        const total = own.reduce((sum, { prompt, output }) => sum + h(prompt, output), 0);
        expect(made[0]!.counterOf(tenant, clock) - state.lifted[tenant]!).toBeCloseTo(total, 3);
      }
    }
  });

  test("I3: KV use stays within the pool, nothing is preempted, a request beyond the batch's token limit does not block", () => {
    const { log } = run(overload);
    expect(log.preemptions.every((count) => count === 0)).toBe(true);
    const long = run([{ at: 0, prompt: 5000, output: 100 }, ...clients(20, [2, 100, 50])].sort((a, b) => a.at - b.at));
    expect(long.log.status.every((status) => status === Status.completed)).toBe(true);
    const config = configFor(overload, {});
    expect(runAll(config).summary(true).fleet.kvUsePeak).toBeLessThanOrEqual(1);
  });

  test("I4: the same configuration gives the same events, leaping and stepping", () => {
    for (const order of [vtc, vtcArtifact, leastCounterFirst, deficitRoundRobin]) {
      const short = mixed.filter(({ at }) => at < 40);
      const [once, again, stepped] = [{}, {}, { step: true }].map((more) => events(run(short, { order, ...more })));
      expect(again).toEqual(once);
      expect(stepped).toEqual(once);
    }
  });
});

describe("work conservation", () => {
  test("I5: the engine is never idle while something waits", () => {
    const config = configFor(overload, {});
    const { fleet } = runAll(config).summary(true);
    expect(fleet.utilisation).toBeGreaterThan(0.999);
  });

  test("I6: makespan and throughput of VTC, least counter first, deficit round robin and FCFS are within 3 % where all requests are alike", () => {
    const all = [vtc, leastCounterFirst, deficitRoundRobin, fcfs].map((order) => run(overload, { order }));
    for (const { makespan, tokens } of all) {
      expect(Math.abs(makespan / all[0]!.makespan - 1)).toBeLessThan(0.03);
      expect(Math.abs(tokens / all[0]!.tokens - 1)).toBeLessThan(0.03);
    }
  });
});

describe("fairness", () => {
  test("I7: under clean VTC no two waiting clients drift apart by more than 2U, whatever arrives", () => {
    expect(run(overload).drift).toBeLessThan(2 * U);
    expect(run(mixed).drift).toBeLessThan(2 * U);
    const pool = 1500;
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            gap: fc.integer({ min: 0, max: 20 }),
            tenant: fc.nat(2),
            prompt: fc.integer({ min: 1, max: 400 }),
            output: fc.integer({ min: 1, max: 200 }),
          }),
          { minLength: 20, maxLength: 120 },
        ),
        fc.constantFrom("last", "waiting"),
        (recipe, lift) => {
          let at = 0;
          const rows = recipe.map(({ gap, ...row }) => ({ ...row, at: (at += gap / 20) }));
          expect(run(rows, { pool, values: { lift } }).drift).toBeLessThanOrEqual(2 * Math.max(400, 2 * pool));
        },
      ),
      { numRuns: 40 },
    );
  });

  test("I8: counters of clients that wait differ by at most U, at every admission", () => {
    let worst = 0;
    const looking: OrderingDefinition = {
      ...vtc,
      create: (values, context: OrderingContext) => {
        const policy = vtc.create(values, context) as FairCounters;
        const { queues } = policy.state as { queues: { count: Int32Array } };
        const look = (clock: LaneClock): void => {
          const waiting = [...queues.count.keys()].filter((tenant) => queues.count[tenant]! > 0);
          const counters = waiting.map((tenant) => policy.counterOf(tenant, clock));
          if (counters.length > 1) worst = Math.max(worst, Math.max(...counters) - Math.min(...counters));
        };
        return {
          ...policy,
          admitted: (slot, clock) => {
            policy.admitted(slot, clock);
            look(clock);
          },
        };
      },
    };
    for (const rows of [overload, mixed]) {
      worst = 0;
      run(rows, { order: looking });
      expect(worst).toBeGreaterThan(0);
      expect(worst).toBeLessThanOrEqual(U);
    }
  });

  test("I9: the gap of FCFS grows with time, beyond 2U", () => {
    const { fairness, drift } = run(overload, { order: fcfs });
    expect(drift).toBeGreaterThan(2 * U);
    const gaps = [60, 120, 180, 239].map((at) => fairness.gapAt(at));
    for (const [i, gap] of gaps.slice(1).entries()) expect(gap).toBeGreaterThan(gaps[i]!);
    const total = fairness.service.reduce((sum, curve) => sum + valueAt(curve, 239), 0);
    expect(gaps[3]! / total).toBeCloseTo(1 / 3, 1);
  });

  test("I10: clients below their share wait seconds under VTC and more than a minute under FCFS", () => {
    const rows = clients(600, [0.25, 256, 256], [0.5, 256, 256], [1.5, 256, 256]);
    const fair = run(rows);
    const plain = run(rows, { order: fcfs });
    for (const tenant of [0, 1]) {
      expect(ttfts(fair, tenant).at(-1)).toBeLessThan(15);
      expect(mean(ttfts(plain, tenant))).toBeGreaterThan(60);
    }
  });

  test("I11: who comes back after a pause gets its share and no more; without the lift it shuts the others out", () => {
    const rows = [{ at: 0.5, prompt: 256, output: 256, tenant: 0 }, ...clients(420, [4, 256, 256, 300], [3, 256, 256])].sort(
      (a, b) => a.at - b.at,
    );
    const share = (order: OrderingDefinition): number => {
      const outcome = run(rows, { order });
      const own = served(outcome, 0, 330, 400);
      return own / (own + served(outcome, 1, 330, 400));
    };
    expect(share(vtc)).toBeCloseTo(0.5, 1);
    expect(share(leastCounterFirst)).toBeGreaterThan(0.98);
    expect(share(fcfs)).toBeLessThan(0.02);
  });

  test("I12: a client that asks for less than its share gets all it asks", () => {
    const rows = clients(300, [0.5, 256, 256], [2, 256, 256]);
    const { fairness } = run(rows);
    for (const at of [100, 200, 300])
      expect(valueAt(fairness.demand[0]!, at) - valueAt(fairness.service[0]!, at)).toBeLessThan(4 * 768 * 4);
  });

  test("I13: a flood by another does not touch it", () => {
    const p90 = (order: OrderingDefinition, flood: number): number => {
      const own = ttfts(run(clients(150, [0.5, 256, 256], [flood, 256, 256]), { order }), 0);
      return own[Math.floor(own.length * 0.9)]!;
    };
    const calm = p90(vtc, 2);
    expect(Math.abs(p90(vtc, 10) / calm - 1)).toBeLessThan(0.2);
    expect(p90(fcfs, 10)).toBeGreaterThan(10 * calm);
  });

  test("I14: service of clients that wait is in proportion to their weights, within 2U over the smallest", () => {
    const rows = clients(240, [1.2, 256, 256], [1.2, 256, 256], [1.2, 256, 256], [1.2, 256, 256]);
    const weights = [1, 2, 3, 4];
    const outcome = run(rows, { weights });
    expect(outcome.drift).toBeLessThan(2 * U);
    const first = served(outcome, 0, 0, 235);
    weights.forEach((weight, tenant) => expect(served(outcome, tenant, 0, 235) / first / weight).toBeCloseTo(1, 0));
    expect(served(outcome, 3, 0, 235) / first).toBeGreaterThan(3);
  });

  test("I15: prediction changes the order, not what is served", () => {
    // Eight clients, three of which send less: the artifact's suite overload-multi.
    const rows = clients(360, ...Array.from({ length: 8 }, (_, i) => [i < 3 ? 0.4 : 0.6, 256, 256] as const));
    const all = ["none", "oracle", "band", "average"].map((prediction) => run(rows, { values: { prediction } }));
    const outputs = all.map(({ log }) => log.outputTokens.reduce((sum, tokens) => sum + tokens, 0));
    expect(new Set(outputs).size).toBe(1);
    const [none, oracle, band] = all.map(({ fairness }) => fairness.differences().mean);
    expect(oracle!).toBeLessThan(none!);
    expect(band!).toBeLessThan(none!);
  });

  test("I16: no client has more accepted requests in any minute than the limit, and fewer are refused the higher it is", () => {
    const rows = clients(150, [0.2, 64, 64], [0.8, 64, 64]);
    let before = Infinity;
    for (const limit of [5, 10, 20, 30]) {
      const { log } = run(rows, { order: fcfs, limit });
      const refused = log.status.filter((status) => status === Status.refused).length;
      expect(refused).toBeLessThanOrEqual(before);
      before = refused;
      for (const tenant of [0, 1]) {
        const times = Array.from(log.arrivedAt.keys())
          .filter((row) => log.tenant[row] === tenant && log.status[row] === Status.completed)
          .map((row) => log.arrivedAt[row]!)
          .sort((a, b) => a - b);
        times.forEach((at, i) => expect(times[i + limit] ?? Infinity).toBeGreaterThan(at + 60));
      }
    }
    expect(before).toBeGreaterThan(0);
  });

  test("I17: without a lift that raises anything, least counter first is VTC", () => {
    // Both wait from the first moment to the last: nobody comes back.
    const rows = Array.from({ length: 200 }, (_, i) => ({ at: 0, prompt: 100, output: 100, tenant: i % 2 }));
    expect(events(run(rows, { order: leastCounterFirst }))).toEqual(events(run(rows, { order: vtc })));
    const back = [{ at: 0, prompt: 256, output: 256, tenant: 0 }, ...clients(90, [4, 256, 256, 60], [3, 256, 256])].sort(
      (a, b) => a.at - b.at,
    );
    expect(events(run(back, { order: leastCounterFirst }))).not.toEqual(events(run(back, { order: vtc })));
  });

  test("I18: with one client all orders are the same", () => {
    const rows = clients(60, [4, 200, 150]);
    const [plain, ...fair] = [fcfs, vtc, vtcArtifact, leastCounterFirst, deficitRoundRobin].map((order) => events(run(rows, { order })));
    for (const other of fair) expect(other).toEqual(plain);
  });

  test("I19: other names for the clients change nothing else, nor does another unit of cost", () => {
    const swapped = mixed.map((row) => ({ ...row, tenant: 1 - row.tenant! }));
    const scaled = { promptWeight: 8, outputWeight: 16 };
    const plain = events(run(mixed));
    expect(events(run(swapped))).toEqual(plain);
    expect(events(run(mixed, { values: scaled }))).toEqual(plain);
  });

  test("I20: the gap grows with the pool and with the length of requests, under 2U", () => {
    const drift = (length: number, pool: number): number => run(clients(240, [3, length, length], [6, length, length]), { pool }).drift;
    const [small, large] = [drift(128, 10_000), drift(512, 10_000)];
    expect(small).toBeLessThan(large);
    expect(large).toBeLessThan(2 * 2 * 10_000);
    const wide = drift(512, 40_000);
    expect(wide).toBeGreaterThan(large);
    expect(wide).toBeLessThan(2 * 2 * 40_000);
  });
});

test("the slip of the artifact: a client with long outputs beside one with short ones pays too much, beyond the bound", () => {
  const rows = clients(300, [8, 512, 32], [1.5, 32, 512]);
  const [clean, slip] = [vtc, vtcArtifact].map((order) => run(rows, { order }).drift);
  expect(clean!).toBeLessThan(2 * U);
  expect(slip!).toBeGreaterThan(2 * clean!);
});

test("counters by hand: two requests, one token at a time", () => {
  const made: FairCounters[] = [];
  const rows = [
    { at: 0, prompt: 10, output: 3, tenant: 0 },
    { at: 0, prompt: 20, output: 2, tenant: 1 },
  ];
  const engine = createEngine(configFor(rows, { order: watched(vtc, made) }), { keepRequests: true });
  engine.simulation.runUntil(0);
  const counters = (): number[] => [0, 1].map((tenant) => made[0]!.counterOf(tenant, engine.simulation.replicas[0]!));
  // Both prompts are charged as they come in; client 1 came back to an empty queue while client 0 waited, at 0.
  expect(counters()).toEqual([10, 20]);
  engine.simulation.runUntil(Infinity);
  expect(counters()).toEqual([10 + 2 * 3, 20 + 2 * 2]);
  expect(withDefaults(vtc.params)["lift"]).toBe("last");
});
