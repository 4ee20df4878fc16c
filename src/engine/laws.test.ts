// Queueing theory: closed forms that hold whatever the code looks like. One-token requests on replicas that serve one at a time are customers of
// a queue, with service times in proportion to their prompts.
import { describe, expect, test } from "vitest";
import { batching } from "../policies/batching/index.ts";
import { routing } from "../policies/routing/index.ts";
import { definePolicy, WAIT } from "./contracts.ts";
import type { RoutingDefinition } from "./contracts.ts";
import { createEngine } from "./index.ts";
import { drawExponential } from "./kernel/math.ts";
import { randomStream } from "./kernel/random.ts";
import { Ledger } from "./testing-ledger.ts";
import { configOf, linearLatency } from "./testing.ts";
import type { Row } from "./testing.ts";

const CUSTOMERS = 120_000;
/** Prompt tokens of a mean service of one second: enough for the grain of whole tokens not to matter. */
const TOKENS = 100_000;
const BATCHES = 40;
/** Two-sided 99.99 % point of Student's t with 39 degrees of freedom. */
const T = 4.3;

/** Late binding: the lowest idle replica, or nobody yet. First come, first served over all replicas. */
const central = definePolicy({
  kind: "routing",
  id: "central-queue",
  label: "Central queue",
  help: "",
  params: {},
  create: () => ({
    route: (_slot, { candidates, candidateCount, load }) => {
      for (let i = 0; i < candidateCount; i++) if (load.outstanding[candidates[i]!] === 0) return candidates[i]!;
      return WAIT;
    },
  }),
});

interface Queue {
  readonly servers: number;
  readonly rate: number;
  readonly service: "exponential" | "constant";
  readonly router?: RoutingDefinition;
  readonly scheduler?: string;
}

/** Times in queue, in the order of arrival; the ledger has checked that the books balance. */
function waits({ servers, rate, service, router = central, scheduler = "sarathi" }: Queue): Float64Array {
  const arrivals = randomStream(7, "arrivals");
  const services = randomStream(7, "services");
  let at = 0;
  const rows: Row[] = Array.from({ length: CUSTOMERS }, () => ({
    at: (at += drawExponential(arrivals) / rate),
    prompt: service === "constant" ? TOKENS : Math.max(1, Math.round(TOKENS * drawExponential(services))),
    output: 1,
  }));
  const ledger = new Ledger();
  const engine = createEngine(
    configOf({
      pools: [
        {
          batching: {
            definition: batching.find(({ id }) => id === scheduler)!,
            values: { batchCap: 1, chunk: 1e9, maxTokens: 1e9, watermark: 0 },
          },
          latency: linearLatency({ base: 0, perToken: 1 / TOKENS }),
          replicas: servers,
          kvBlocks: 1e6,
          blockSize: 16,
        },
      ],
      routing: router,
      source: rows,
    }),
    { keepRequests: true, recorders: [ledger] },
  );
  ledger.attach(engine);
  engine.simulation.runUntil(Infinity);
  engine.simulation.finish();
  expect(ledger.check(engine, true)).toEqual([]);
  const log = engine.requests();
  const byId = new Float64Array(CUSTOMERS);
  for (let row = 0; row < log.length; row++) byId[log.id[row]!] = log.scheduledAt[row]! - log.arrivedAt[row]!;
  return byId;
}

/** Mean and half width of its confidence interval, from means of long batches. */
function interval(values: Float64Array): { mean: number; half: number } {
  const size = values.length / BATCHES;
  const means = Array.from({ length: BATCHES }, (_, i) => values.subarray(i * size, (i + 1) * size).reduce((sum, x) => sum + x, 0) / size);
  const mean = means.reduce((sum, x) => sum + x, 0) / BATCHES;
  const variance = means.reduce((sum, x) => sum + (x - mean) * (x - mean), 0) / (BATCHES - 1);
  return { mean, half: T * Math.sqrt(variance / BATCHES) };
}

function expectMean(values: Float64Array, theory: number, widest: number): void {
  const { mean, half } = interval(values);
  expect(Math.abs(mean - theory)).toBeLessThan(half);
  // An interval so wide that anything lies in it shows nothing.
  expect(half).toBeLessThan(widest * theory);
}

const shareAbove = (values: Float64Array, limit: number): Float64Array => values.map((x) => (x > limit ? 1 : 0));

/** Probability that an M/M/c customer waits (Erlang C), for offered load `load` = rate x mean service. */
function erlangC(servers: number, load: number): number {
  let term = 1;
  let sum = 0;
  for (let k = 0; k < servers; k++) {
    sum += term;
    term *= load / (k + 1);
  }
  const last = (term * servers) / (servers - load);
  return last / (sum + last);
}

test("Erlang's C by hand: 2 servers, load 1: 1/3", () => {
  expect(erlangC(2, 1)).toBeCloseTo(1 / 3, 12);
  expect(erlangC(1, 0.7)).toBeCloseTo(0.7, 12);
});

describe("M/M/1", () => {
  test.each(["sarathi", "vllm"])("waits with %s: mean rho / (mu - lambda), tail rho e^-(mu - lambda) t", (scheduler) => {
    const values = waits({ servers: 1, rate: 0.7, service: "exponential", scheduler });
    expectMean(values, 0.7 / 0.3, 0.15);
    for (const limit of [0, 2, 5]) expectMean(shareAbove(values, limit), 0.7 * Math.exp(-0.3 * limit), 0.25);
  });

  test("a random router splits a Poisson stream into Poisson streams: each of 4 replicas is M/M/1", () => {
    const random = routing.find(({ id }) => id === "random")!;
    expectMean(waits({ servers: 4, rate: 4 * 0.6, service: "exponential", router: random }), 0.6 / 0.4, 0.15);
  });
});

test("M/D/1: mean wait rho / (2 mu (1 - rho)), half of M/M/1", () => {
  const values = waits({ servers: 1, rate: 0.8, service: "constant" });
  expectMean(values, 0.8 / (2 * 0.2), 0.15);
  expectMean(shareAbove(values, 0), 0.8, 0.05);
});

test.each([2, 5])("M/M/%i: Erlang's C, mean wait C / (c mu - lambda)", (servers) => {
  const rate = 0.8 * servers;
  const values = waits({ servers, rate, service: "exponential" });
  const waiting = erlangC(servers, rate);
  expectMean(shareAbove(values, 0), waiting, 0.15);
  expectMean(values, waiting / (servers - rate), 0.25);
  expectMean(shareAbove(values, 1), waiting * Math.exp(-(servers - rate)), 0.3);
});
