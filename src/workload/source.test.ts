// Sources: limits, scales, tenants, streams that do not disturb each other, replay of traces, and saving and loading a run's traffic.
import { describe, expect, test } from "vitest";
import type { ArrivalRow } from "../engine/contracts.ts";
import { load, save } from "../engine/kernel/snapshot.ts";
import { createSource, tenantsOfTrace } from "./create.ts";
import type { TrafficSpec } from "./create.ts";
import { pregenerate } from "./pregenerate.ts";
import { presetFacts, workloads } from "./presets/index.ts";
import { emptyRow } from "../engine/contracts.ts";
import type { WorkloadSource } from "./source.ts";
import type { Trace } from "./types.ts";

const one = [{ share: 1, sloClass: 0 }];
const traffic = (source: TrafficSpec["source"], more: Partial<TrafficSpec> = {}): TrafficSpec => ({
  source,
  rateScale: 1,
  promptScale: 1,
  outputScale: 1,
  maxRequests: null,
  maxSeconds: null,
  ...more,
});
const synthetic = (arrivals: string, lengths: string, params = {}): TrafficSpec["source"] => ({
  kind: "synthetic",
  arrivals: { id: arrivals, params },
  lengths: { id: lengths },
});
const open = (spec: TrafficSpec, tenants = one, trace: Trace | null = null, seed = 7): WorkloadSource =>
  createSource(spec, { seed, tenants, trace, workloads: presetFacts });

const smallTrace = (more: Partial<Trace> = {}): Trace => ({
  length: 4,
  arrivedAt: Float64Array.of(0, 1, 4, 10),
  promptTokens: Int32Array.of(100, 200, 300, 400),
  outputTokens: Int32Array.of(10, 0, 30, 40),
  tenant: null,
  tenantNames: [],
  session: Int32Array.of(0, -1, 1, 0),
  prefix: null,
  ...more,
});
const replay = (
  window: Partial<{ from: number; to: number | null; loop: boolean }>,
  more: Partial<TrafficSpec> = {},
  trace = smallTrace(),
  tenants = one,
) => open(traffic({ kind: "trace", file: "x.csv", from: 0, to: null, loop: false, ...window }, more), tenants, trace);

describe("synthetic sources", () => {
  test("stop at the number of requests and at the end of time", () => {
    expect(pregenerate(open(traffic(synthetic("constant", "fixed", { rate: 2 }), { maxRequests: 5 })), 100).length).toBe(5);
    const timed = open(traffic(synthetic("constant", "fixed", { rate: 2 }), { maxSeconds: 3 }));
    expect([timed.expected, timed.duration]).toEqual([6, 3]);
    expect([...pregenerate(timed, 100).arrivedAt]).toEqual([0, 0.5, 1, 1.5, 2, 2.5]);
  });
  test("lengths and tenants do not move the arrivals, and arrivals do not move the lengths", () => {
    const a = pregenerate(open(traffic(synthetic("poisson", "lognormal"))), 200);
    const b = pregenerate(open(traffic(synthetic("poisson", "zipf")), [...one, ...one]), 200);
    const c = pregenerate(open(traffic(synthetic("gamma", "lognormal"))), 200);
    expect(b.arrivedAt).toEqual(a.arrivedAt);
    expect(b.promptTokens).not.toEqual(a.promptTokens);
    expect(c.promptTokens).toEqual(a.promptTokens);
  });
  test("tenants come by share and bring their class", () => {
    const tenants = [
      { share: 3, sloClass: 1 },
      { share: 1, sloClass: 0 },
    ];
    const rows: ArrivalRow[] = [];
    pregenerate(open(traffic(synthetic("poisson", "fixed")), tenants), 20000, 0, (row) => rows.push({ ...row }));
    expect(rows.filter((row) => row.tenant === 0).length / 20000).toBeCloseTo(0.75, 1);
    expect(rows.every((row) => row.sloClass === (row.tenant === 0 ? 1 : 0))).toBe(true);
  });
  test("length scales round and keep one token at least", () => {
    const scaled = pregenerate(open(traffic(synthetic("constant", "fixed"), { promptScale: 0.5, outputScale: 0.0001 })), 3);
    expect([...scaled.promptTokens, ...scaled.outputTokens]).toEqual([512, 512, 512, 1, 1, 1]);
  });
  test("a closed loop waits for the answers", () => {
    const loop = open(traffic(synthetic("closed-loop", "fixed", { concurrency: 2 })));
    expect([...pregenerate(loop, 6, 1).arrivedAt]).toEqual([0, 0, 1, 1, 2, 2]);
    expect(loop.expected).toBeNaN();
  });
  test("unknown ids are named with what there is", () => {
    expect(() => open(traffic(synthetic("poison", "fixed")))).toThrow('Unknown arrival process "poison". Known: poisson,');
    expect(() => open(traffic({ kind: "preset", id: "nothing" }))).toThrow("azure-conversation-like");
    expect(() => open(traffic({ kind: "trace", file: "gone.csv", from: 0, to: null, loop: false }))).toThrow('needs the trace "gone.csv"');
  });
});

describe("replay of a trace", () => {
  test("window, rate scale and lengths; a failed request stays one", () => {
    const cut = pregenerate(replay({ from: 1, to: 10 }, { rateScale: 2, promptScale: 2, outputScale: 3 }), 10);
    expect([...cut.arrivedAt]).toEqual([0, 1.5]);
    expect([...cut.promptTokens]).toEqual([400, 600]);
    expect([...cut.outputTokens]).toEqual([0, 90]);
  });
  test("loops over the window and keeps the rounds' sessions apart", () => {
    const looped = pregenerate(replay({ to: 5, loop: true }, { maxRequests: 7 }), 100);
    expect([...looped.arrivedAt]).toEqual([0, 1, 4, 5, 6, 9, 10]);
    expect([...looped.session!]).toEqual([0, -1, 1, 2, -1, 3, 4]);
    const open = replay({ loop: true }, { maxSeconds: 20 });
    expect([open.expected, open.duration]).toEqual([7, 20]);
    // Without an end of the window a round is one mean gap longer than its rows: 10 + 10 / 3.
    expect(pregenerate(open, 100).arrivedAt[4]).toBeCloseTo(40 / 3, 12);
  });
  test("expectations of a finite replay", () => {
    expect([replay({}).expected, replay({}).duration]).toEqual([4, 10]);
    expect([replay({}, { maxSeconds: 4, rateScale: 2 }).expected, replay({ from: 11 }).expected]).toEqual([3, 0]);
    expect(replay({ from: 11, loop: true }).nextAt()).toBe(Infinity);
  });
  test("own tenants are kept, others are drawn", () => {
    const named = smallTrace({ tenant: Uint16Array.of(1, 0, 1, 1), tenantNames: ["a", "b"] });
    const scenario = [{ name: "b", sloClass: 3, share: 1 }];
    const tenants = tenantsOfTrace(named, scenario);
    expect(tenants).toEqual([
      { name: "a", sloClass: 3, share: 1 },
      { name: "b", sloClass: 3, share: 1 },
    ]);
    expect(tenantsOfTrace(smallTrace(), scenario)).toBe(scenario);
    expect([...pregenerate(replay({}, {}, named, [...tenants]), 10).tenant!]).toEqual([1, 0, 1, 1]);
  });
  test("prefix ranges point into the trace's ids and follow the prompt's scale", () => {
    const prefix = { blockTokens: 100, start: Uint32Array.of(0, 1, 3, 6, 10), ids: Int32Array.of(1, 1, 2, 1, 2, 3, 1, 2, 3, 4) };
    const source = replay({}, { promptScale: 0.5 }, smallTrace({ prefix }));
    const counts: number[][] = [];
    pregenerate(source, 10, 0, (row) => counts.push([row.prefixStart, row.prefixCount]));
    expect(counts).toEqual([
      [0, 1],
      [1, 1],
      [3, 2],
      [6, 2],
    ]);
    expect(source.prefixIds).toBe(prefix.ids);
  });
});

/** Rows and block ids of the next n requests, with answers after one second. */
function follow(source: WorkloadSource, n: number, finish: { id: number; at: number }[]): string {
  const row = emptyRow();
  const seen: string[] = [];
  let id = finish.length > 0 ? finish[finish.length - 1]!.id + 1 : 0;
  while (seen.length < n) {
    const at = source.nextAt();
    if (finish[0] && source.finished && finish[0].at <= at) {
      const { id: ended, at: when } = finish.shift()!;
      source.finished(ended, when);
      continue;
    }
    source.take(row);
    finish.push({ id: id++, at: row.arrivedAt + 1 });
    const ids = source.prefixIds.subarray(row.prefixStart, row.prefixStart + row.prefixCount);
    seen.push(JSON.stringify([row, ids.length, ids[0], ids[ids.length - 1]]));
  }
  return seen.join("\n");
}

describe.each(presetFacts)("preset $id", ({ id }) => {
  test("continues from saved state with the same requests", () => {
    const spec = traffic({ kind: "preset", id });
    const source = open(spec);
    const finish: { id: number; at: number }[] = [];
    follow(source, 300, finish);
    const saved = structuredClone(save(source.state, new Set())) as object;
    const later = finish.map((entry) => ({ ...entry }));
    const expected = follow(source, 300, finish);
    const fresh = open(spec);
    load(fresh.state, saved);
    expect(follow(fresh, 300, later)).toBe(expected);
  });
  test("times do not decrease, lengths and blocks fit", () => {
    const source = open(traffic({ kind: "preset", id }));
    let last = 0;
    pregenerate(source, 3000, 1, (row) => {
      expect(row.arrivedAt).toBeGreaterThanOrEqual(last);
      last = row.arrivedAt;
      expect(row.promptTokens).toBeGreaterThanOrEqual(1);
      expect(row.outputTokens).toBeGreaterThanOrEqual(1);
      if (source.prefixBlockTokens === 0) return;
      // Of the prompt, or of the output too, where the next turn holds both.
      const blocks = [row.promptTokens, row.promptTokens + row.outputTokens].map((tokens) => Math.ceil(tokens / source.prefixBlockTokens));
      expect(blocks).toContain(row.prefixCount);
    });
  });
  test("another arrival process keeps the mean rate, unless it has its own", () => {
    const kept = open(traffic({ kind: "preset", id, arrivals: { id: "poisson" } }, { maxSeconds: 1000 }));
    const plain = open(traffic({ kind: "preset", id }, { maxSeconds: 1000 }));
    expect(kept.expected / plain.expected).toBeCloseTo(1, 1);
    const own = open(traffic({ kind: "preset", id, arrivals: { id: "poisson", params: { rate: 4 } } }, { maxSeconds: 1000 }));
    expect(own.expected).toBe(4000);
  });
  test("its listed means are those of its requests", () => {
    const entry = workloads.find((workload) => workload.id === id)!;
    // Chains of conversations reach their steady mix slowly, and a few long sessions carry much of the mean.
    const slow = /mooncake|claude|sharegpt/.test(id);
    const share = slow ? 0.1 : 0.05;
    const trace = pregenerate(open(traffic({ kind: "preset", id }), one, null, 1), slow ? 200000 : 80000);
    const mean = (values: Int32Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(Math.abs(mean(trace.promptTokens) / entry.meanPromptTokens - 1)).toBeLessThan(share);
    expect(Math.abs(mean(trace.outputTokens) / entry.meanOutputTokens - 1)).toBeLessThan(share);
  });
});

test("a continued conversation shares the leading blocks of its parent", () => {
  const source = open(traffic({ kind: "preset", id: "mooncake-conversation-like" }));
  const chains = new Map<number, Set<number>>();
  let continued = 0;
  let sharing = 0;
  pregenerate(source, 5000, 0, (row) => {
    const ids = [...source.prefixIds.subarray(0, row.prefixCount)];
    expect(ids[0]).toBe(0);
    const known = chains.get(row.session);
    if (known) {
      continued++;
      if (ids.slice(1, 2).every((id) => known.has(id))) sharing++;
    }
    chains.set(row.session, new Set([...(known ?? []), ...ids]));
  });
  expect(continued).toBeGreaterThan(1500);
  expect(sharing / continued).toBeGreaterThan(0.7);
});
