// A small run as a trace, worked out by hand, and what a trace says about what it leaves out.
import { describe, expect, test } from "vitest";
import { createEngine } from "../engine/index.ts";
import { BatchTrace } from "../engine/metrics/batch-trace.ts";
import type { BatchTraceOptions } from "../engine/metrics/batch-trace.ts";
import { configOf, linearLatency } from "../engine/testing.ts";
import type { ConfigOptions } from "../engine/testing.ts";
import { sarathi } from "../policies/batching/sarathi.ts";
import { roundRobin } from "../policies/routing/round-robin.ts";
import { complete } from "./complete.ts";
import { MAX_EVENTS, perfettoText } from "./perfetto.ts";

const scenario = complete({ name: "By hand" });
const WHOLE: BatchTraceOptions = { from: 0, to: Infinity, decodes: "each", maxEvents: MAX_EVENTS };
// 10 ms an iteration and 0.1 ms a token, on each stage.
const pool = { name: "main", batching: sarathi, latency: linearLatency({ base: 0.01, perToken: 1e-4 }) };

interface Event {
  readonly ph: string;
  readonly name: string;
  readonly [key: string]: unknown;
}

function traceOf(options: Omit<ConfigOptions, "routing">, asked = WHOLE) {
  const config = configOf({ routing: roundRobin, ...options });
  const recorder = new BatchTrace(asked);
  const { simulation } = createEngine(config, { keepRequests: false, recorders: [recorder] });
  simulation.runUntil(Infinity);
  simulation.finish();
  recorder.finish();
  const input = { scenario, config, replicas: simulation.replicas, trace: recorder.result(), maxEvents: asked.maxEvents };
  const { traceEvents, otherData } = JSON.parse([...perfettoText(input)].join("")) as {
    traceEvents: Event[];
    otherData: { notes: string[] };
  };
  const named = (ph: string): Event[] => traceEvents.filter((event) => event.ph === ph);
  return { events: traceEvents, slices: named("X"), counters: named("C"), moments: named("i"), notes: otherData.notes };
}

test("two requests on one replica, by hand", () => {
  // The first prompt of 10 tokens takes 11 ms, its decode 10.1 ms. The second prompt, of 20, comes at 15 ms and joins the next decode:
  // 21 tokens, 12.1 ms, which end both. Blocks of 16 tokens: one for the first request, two for the second.
  const source = [
    { at: 0, prompt: 10, output: 3 },
    { at: 0.015, prompt: 20, output: 1 },
  ];
  const { events } = traceOf({ pools: [pool], source });
  const slice = (ts: number, dur: number, name: string, requests: number, prefill: number, decode: number, blocks: number): object => ({
    ph: "X",
    pid: 1,
    tid: 1,
    ts,
    dur,
    name,
    args: { requests, prefill_tokens: prefill, decode_tokens: decode, kv_blocks: blocks },
  });
  const counter = (ts: number, name: string, unit: string, value: number): object => ({
    ph: "C",
    pid: 1,
    ts,
    name,
    args: { [unit]: value },
  });
  expect(events).toEqual([
    { ph: "M", pid: 1, name: "process_name", args: { name: "m1" } },
    { ph: "M", pid: 1, name: "process_labels", args: { labels: "main, 1 x test" } },
    { ph: "M", pid: 1, name: "process_sort_index", args: { sort_index: 0 } },
    { ph: "M", pid: 1, tid: 1, name: "thread_name", args: { name: "batches" } },
    slice(0, 11_000, "prefill", 1, 10, 0, 1),
    slice(11_000, 10_100, "decode", 1, 0, 1, 1),
    slice(21_100, 12_100, "mixed", 2, 20, 1, 3),
    counter(0, "waiting", "requests", 0),
    counter(15_000, "waiting", "requests", 1),
    counter(21_100, "waiting", "requests", 0),
    counter(0, "KV blocks", "blocks", 1),
    counter(21_100, "KV blocks", "blocks", 3),
    counter(33_200, "KV blocks", "blocks", 0),
    { ph: "i", s: "p", pid: 1, ts: 0, name: "ready", args: { reason: "initial" } },
  ]);
});

test("two stages: a slice on each, and what waits for a stage stands in none", () => {
  // 11 ms for the prompt on each stage, then 10.1 ms for the decode.
  const { slices } = traceOf({ pools: [{ ...pool, stages: 2 }], source: [{ at: 0, prompt: 10, output: 2 }] });
  expect(slices.map(({ tid, ts, dur, name }) => [tid, ts, dur, name])).toEqual([
    [1, 0, 11_000, "prefill"],
    [2, 11_000, 11_000, "prefill"],
    [1, 22_000, 10_100, "decode"],
    [2, 32_100, 10_100, "decode"],
  ]);
});

test("a crash cuts the slice that runs, and the requests start over", () => {
  // 11 ms and decodes of 10.1 ms: the crash at 35 ms comes in the third. Ready again at 3.035 s: 13 tokens in 11.3 ms, a decode of 10.1 ms.
  const faults = [{ at: 0.035, kind: "crash" as const, pool: 0, position: 0, replaceAfter: 1 }];
  const { slices, moments } = traceOf({ pools: [{ ...pool, startupSeconds: 2 }], source: [{ at: 0, prompt: 10, output: 5 }], faults });
  expect(slices.map(({ ts, dur, name, args }) => [ts, dur, name, (args as { lost?: boolean }).lost ?? false])).toEqual([
    [0, 11_000, "prefill", false],
    [11_000, 10_100, "decode", false],
    [21_100, 10_100, "decode", false],
    [31_200, 3800, "decode", true],
    [3_035_000, 11_300, "prefill", false],
    [3_046_300, 10_100, "decode", false],
  ]);
  expect(moments.map(({ ts, name, args }) => [ts, name, args])).toEqual([
    [35_000, "preempted", { request: 0 }],
    [0, "ready", { reason: "initial" }],
    [35_000, "failed", { reason: "fault" }],
    [1_035_000, "starting", { reason: "recovered" }],
    [3_035_000, "ready", { reason: "ready" }],
  ]);
});

describe("what is left out", () => {
  // 11 ms, then 50 decodes of 10.1 ms each.
  const source = [{ at: 0, prompt: 10, output: 51 }];

  test("a window has the slices that overlap it, and the levels at its beginning", () => {
    const { slices, counters, notes } = traceOf({ pools: [pool], source }, { ...WHOLE, from: 0.02, to: 0.05 });
    // Decodes 1 to 4: [11, 21.1), ..., [41.3, 51.4).
    expect(slices.map(({ ts }) => ts)).toEqual([11_000, 21_100, 31_200, 41_300]);
    expect(counters.map(({ ts, name, args }) => [ts, name, args])).toEqual([
      [20_000, "waiting", { requests: 0 }],
      [20_000, "KV blocks", { blocks: 1 }],
    ]);
    expect(notes).toEqual([]);
  });

  test("decodes of one group become one slice where there are too many events", () => {
    const { slices, notes } = traceOf({ pools: [pool], source }, { ...WHOLE, decodes: "auto", maxEvents: 30 });
    expect(slices.map(({ ts, dur, name, args }) => [ts, dur, name, (args as { decode_tokens: number }).decode_tokens])).toEqual([
      [0, 11_000, "prefill", 0],
      [11_000, 505_000, "decode x 50", 50],
    ]);
    expect(notes).toEqual([
      "Decode iterations of the same requests stand as one slice (decode x k): one by one they would be more than 30 events. A shorter window shows them singly.",
    ]);
  });

  test("a trace that is full ends there, and says so", () => {
    const many = Array.from({ length: 20 }, (_, i) => ({ at: i, prompt: 10, output: 1 }));
    const { slices, notes } = traceOf({ pools: [pool], source: many }, { ...WHOLE, maxEvents: 12 });
    // Per request: waiting twice (1, 0), a slice, KV blocks twice. The third request, at 2 s, is one too many.
    expect(slices.length).toBeGreaterThanOrEqual(2);
    expect(slices.length).toBeLessThanOrEqual(3);
    expect(notes).toEqual(["The trace ends at 2.011 s: with what comes after it would have more than 12 events. Give a shorter window."]);
  });
});
