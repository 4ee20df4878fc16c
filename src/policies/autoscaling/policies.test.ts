// One case worked out by hand for each policy, on a pool that answers what the case says.
import { describe, expect, test } from "vitest";
import type { Autoscaler, PoolView } from "../../engine/contracts.ts";
import { byId } from "../../engine/registry.ts";
import { withDefaults } from "../../engine/params.ts";
import { Envelope } from "./envelope.ts";
import { autoscaling } from "./index.ts";

function create(id: string, values: Record<string, unknown> = {}): Autoscaler {
  const { params, create: make } = byId("autoscaling policy", autoscaling, id);
  return make(withDefaults(params, values) as never, {} as never);
}

interface Seen {
  readonly now: number;
  readonly ready: number;
  readonly starting?: number;
  /** Requests waiting and running, and seconds busy, by replica. */
  readonly outstanding?: readonly number[];
  readonly waiting?: readonly number[];
  readonly busy?: readonly number[];
  readonly tokens?: number;
}

function pool({ now, ready, starting = 0, outstanding = [], waiting = [], busy = [], tokens = 0 }: Seen): PoolView {
  const requests = { promptTokens: Int32Array.of(256), outputTokens: Int32Array.of(1) };
  return {
    now,
    index: 0,
    ready,
    starting,
    draining: 0,
    leaving: 0,
    ordered: ready + starting,
    minReplicas: 1,
    maxReplicas: 64,
    startupSeconds: 10,
    requests: requests as unknown as PoolView["requests"],
    load: {
      at: now,
      outstanding: Int32Array.from({ length: ready }, (_, i) => outstanding[i] ?? 0),
      waiting: Int32Array.from({ length: ready }, (_, i) => waiting[i] ?? 0),
      outstandingTokens: new Float64Array(ready),
    },
    replicas: Int32Array.from({ length: ready }, (_, i) => i),
    replicaCount: ready,
    heldCount: 0,
    tokensDone: () => tokens,
    busySeconds: (replica) => (replica === undefined ? busy.reduce((sum, one) => sum + one, 0) : (busy[replica] ?? 0)),
    because: () => undefined,
  };
}

describe("the traffic envelope", () => {
  test("by hand: windows of 10 s, those that ended in the last 20 s", () => {
    const envelope = new Envelope(10, 20);
    expect(envelope.highest(0)).toBe(0);
    envelope.add(1, 100);
    envelope.add(5, 300);
    envelope.add(11, 50);
    // The window (1, 11] no longer holds the first arrival; the one that ended at 5 s has 400 tokens.
    expect(envelope.highest(11)).toBe(40);
    expect(envelope.highest(25)).toBe(40);
    expect(envelope.highest(25.1)).toBe(35);
    expect(envelope.highest(31)).toBe(35);
    expect(envelope.highest(31.1)).toBe(0);
  });

  test("memory and time are those of the windows, not of the run", () => {
    const envelope = new Envelope(10, 20);
    for (let i = 0; i < 100_000; i++) envelope.add(i / 10, 1 + (i % 7));
    expect(envelope.times.length).toBe(100);
    expect(envelope.times.values.length).toBeLessThanOrEqual(256);
    expect(envelope.rates.values.length).toBeLessThanOrEqual(256);
  });
});

test("inferline: half of the last batch's throughput, half of the average; up at once, down after the stabilisation", () => {
  const policy = create("inferline");
  const { state } = policy as { state: { throughput: number } };
  // 512 tokens in 0.25 s are 2048 per second: half of it and half of the first guess.
  policy.batchEnded!(0, 512, 1, 1.25);
  expect(state.throughput).toBe(1024.5);
  // 80 requests of 257 tokens in a window of 20 s: 1028 tokens/s need two replicas.
  for (let i = 0; i < 80; i++) policy.arrived!(0, pool({ now: 1 + i / 10, ready: 1 }));
  expect(policy.tick!(pool({ now: 10, ready: 1 }))).toBe(1);
  // With three ordered it waits 10 s after the last scale-up, which was at 10 s.
  expect(policy.tick!(pool({ now: 15, ready: 2, starting: 1 }))).toBe(0);
  expect(policy.tick!(pool({ now: 20, ready: 3 }))).toBe(-1);
  // Nothing in the last 80 s: one replica stays.
  expect(policy.tick!(pool({ now: 200, ready: 2 }))).toBe(-1);
  expect(policy.tick!(pool({ now: 205, ready: 1 }))).toBe(0);
});

describe("hpa", () => {
  test("utilisation: ceil(replicas x busy / target), within 10 % no change; those that start count as idle", () => {
    const policy = create("hpa", { downWindow: 0 });
    expect(policy.tick!(pool({ now: 0, ready: 2 }))).toBe(0);
    // 12 + 15 of 30 s: 0.9 of 2, over 0.8: 2.25 replicas.
    expect(policy.tick!(pool({ now: 15, ready: 2, busy: [12, 15] }))).toBe(1);
    // Both busy throughout: 2 / 0.8 / 3 = 0.83 with the one that starts: enough are ordered.
    expect(policy.tick!(pool({ now: 30, ready: 2, starting: 1, busy: [27, 30] }))).toBe(0);
    // 13.1 of 15 s each: 9 % above the target.
    expect(policy.tick!(pool({ now: 45, ready: 2, busy: [40.1, 43.1] }))).toBe(0);
    // A third of the time: 0.83 replicas.
    expect(policy.tick!(pool({ now: 60, ready: 2, busy: [45.1, 48.1] }))).toBe(-1);
  });

  test("queue: at most 4 more or twice as many in 15 s; down to the highest wish of 300 s", () => {
    const policy = create("hpa", { metric: "queue", queue: 10 });
    // 200 requests want 20 replicas; 1 + 4 are allowed.
    expect(policy.tick!(pool({ now: 0, ready: 1, outstanding: [200] }))).toBe(4);
    // The 4 are of the last 15 s no more: twice 5.
    expect(policy.tick!(pool({ now: 15, ready: 5, outstanding: [200] }))).toBe(5);
    expect(policy.tick!(pool({ now: 30, ready: 10, outstanding: [1] }))).toBe(0);
    // The wish for 20 was at 15 s.
    expect(policy.tick!(pool({ now: 314, ready: 10, outstanding: [1] }))).toBe(0);
    expect(policy.tick!(pool({ now: 316, ready: 10, outstanding: [1] }))).toBe(-9);
  });

  test("limits on scaling down by pods: the larger of both allowances", () => {
    const policy = create("hpa", { metric: "queue", queue: 10, downWindow: 0, downPods: 2, downPercent: 10 });
    expect(policy.tick!(pool({ now: 0, ready: 10, outstanding: [1] }))).toBe(-2);
    // Within the same 15 s no more; 2 of the 10 that there were at its start have gone.
    expect(policy.tick!(pool({ now: 10, ready: 8, outstanding: [1] }))).toBe(0);
    expect(policy.tick!(pool({ now: 16, ready: 8, outstanding: [1] }))).toBe(-2);
  });
});

describe("concurrency", () => {
  const values = { target: 10, utilisation: 50, tick: 2, stable: 8, panic: 2 };

  test("the mean of the stable window over half of 10; at most halved at a time", () => {
    const policy = create("concurrency", values);
    expect(policy.tick!(pool({ now: 0, ready: 3, outstanding: [10, 5, 1] }))).toBe(1);
    // (16 + 8) / 2 = 12: three replicas.
    expect(policy.tick!(pool({ now: 2, ready: 4, outstanding: [8] }))).toBe(-1);
    expect(policy.tick!(pool({ now: 4, ready: 9 }))).toBe(-5);
  });

  test("panics when the short window wants twice the ready ones: up at once, and not down for a stable window", () => {
    const policy = create("concurrency", values);
    for (const now of [0, 2, 4]) expect(policy.tick!(pool({ now, ready: 1, outstanding: [3] }))).toBe(0);
    // 40 requests want 8 now; the stable window would want 3.
    expect(policy.tick!(pool({ now: 6, ready: 1, outstanding: [40] }))).toBe(7);
    for (const now of [8, 10, 12, 14]) expect(policy.tick!(pool({ now, ready: 8, outstanding: [3] }))).toBe(0);
    expect(policy.tick!(pool({ now: 16, ready: 8, outstanding: [3] }))).toBe(-4);
  });
});

test("schedule: the row that holds now, again after the period", () => {
  const policy = create("schedule", {
    replicas: [
      [100, 5],
      [0, 2],
    ],
    repeatSeconds: 200,
  });
  expect([0, 99, 100, 199, 200, 350].map((now) => policy.tick!(pool({ now, ready: 3 })))).toEqual([-1, -1, 2, 2, -1, 2]);
  expect(create("schedule", { replicas: [[50, 9]] }).tick!(pool({ now: 10, ready: 3 }))).toBe(0);
});

describe("service-level", () => {
  /** Looks every 5 s at 50 requests each, 10 a second, with one replica busy all the time at 2560 tokens/s. */
  const at = (level: number, looks: number, ready: number, arrivals: (look: number) => number = () => 50): number[] => {
    const policy = create("service-level", { level });
    const answers: number[] = [];
    for (let look = 0; look <= looks; look++) {
      answers.push(policy.tick!(pool({ now: 5 * look, ready, busy: [5 * look], tokens: 5 * look * 2560 })));
      for (let i = 0; i < arrivals(look); i++) policy.arrived!(0, pool({ now: 5 * look, ready }));
    }
    return answers;
  };

  test("10 requests of 256 tokens a second keep one replica busy: enough at level 1 only, two always", () => {
    expect([1, 2, 3].map((level) => at(level, 1, 1)[1])).toEqual([0, 1, 1]);
    for (const level of [1, 2, 3]) expect(at(level, 3, 2)).toEqual([0, 0, 0, 0]);
  });

  test("the level is the share that is planned with: 17 requests a second are 1.7 replicas", () => {
    // 1.7 / 1, / 0.9 = 1.89, / 0.78 = 2.18.
    expect([1, 2, 3].map((level) => at(level, 1, 2, () => 85)[1])).toEqual([0, 0, 1]);
  });

  test("one replica goes after two looks, then one every two", () => {
    expect(at(2, 5, 5)).toEqual([0, 0, -1, 0, -1, 0]);
  });

  test("a jump of the rate counts at once, not as a mean over two minutes", () => {
    // 10 a second for 50 s, then 40: 10 s later the mean of all is 1.5 replicas; the last 10 s alone are 4, two more than there are.
    const answers = at(1, 12, 2, (look) => (look < 10 ? 50 : 200));
    expect(answers.slice(9)).toEqual([0, 0, 1, 2]);
  });

  test("a backlog of more than 3 s per replica asks for more until it is gone", () => {
    const policy = create("service-level", { level: 1 });
    for (let i = 0; i < 45; i++) policy.arrived!(0, pool({ now: 1, ready: 1 }));
    // 9 a second are 0.9 replicas: one is enough. 93 waiting requests are 9.3 s of work, 6.3 more than usual, to be gone in 30 s.
    policy.tick!(pool({ now: 0, ready: 1 }));
    expect(policy.tick!(pool({ now: 5, ready: 1, busy: [5], tokens: 12_800, waiting: [93] }))).toBe(1);
  });
});
