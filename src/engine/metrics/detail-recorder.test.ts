// Details of a small run, worked out by hand.
import { expect, test } from "vitest";
import { sarathi } from "../../policies/batching/sarathi.ts";
import { roundRobin } from "../../policies/routing/round-robin.ts";
import { createEngine } from "../index.ts";
import { configOf, linearLatency } from "../testing.ts";
import type { ConfigOptions } from "../testing.ts";
import { DetailRecorder } from "./detail-recorder.ts";
import { requestMetrics } from "./request-metrics.ts";

// 10 ms an iteration and 0.1 ms a token, on each stage.
const latency = linearLatency({ base: 0.01, perToken: 1e-4 });
const stage = { perToken: 100, perOutput: 10, perPair: 1, perLocalPair: 0 };
const pool = { batching: sarathi, latency, kvBlocks: 10, work: { stages: [stage], window: Infinity, peakFlopsPerS: 1e5 } };

function run(options: Omit<ConfigOptions, "routing">) {
  const config = configOf({ routing: roundRobin, ...options });
  const recorder = new DetailRecorder(config, { keepBatches: true, parts: config.pools.map(() => null) });
  const engine = createEngine(config, { keepRequests: true, recorders: [recorder] });
  engine.simulation.runUntil(Infinity);
  engine.simulation.finish();
  recorder.finish();
  const summary = engine.summary(true);
  return { engine, recorder, summary, detail: recorder.detail(summary.makespan) };
}

// The first prompt takes 11 ms, a decode 10.1 ms; the second prompt joins the next decode: 21 tokens, 12.1 ms, which end both.
const two = [
  { at: 0, prompt: 10, output: 3 },
  { at: 0.015, prompt: 20, output: 1 },
];
const near = (value: number) => expect.closeTo(value, 9) as number;

test("batches, and the share of the peak", () => {
  const { detail, summary, recorder } = run({ pools: [pool], source: two });
  expect(detail.batches).toMatchObject({
    requests: { count: 3, mean: near(4 / 3), p50: 1, p90: near(1.8), max: 2 },
    tokens: { mean: near(32 / 3), p50: 10, max: 21 },
    prefillTokens: { mean: 10, p50: 10, max: 20 },
    decodeTokens: { mean: near(2 / 3), max: 1 },
    executionTime: { count: 3, mean: near(0.0332 / 3), max: near(0.0121) },
  });
  expect([...recorder.counts().requests]).toEqual([0, 2, 1]);
  // Tokens x 100, outputs x 10, pairs: 10 x 11 / 2; 11; 20 x 21 / 2 and 12.
  const flops = [1000 + 10 + 55, 100 + 10 + 11, 2100 + 20 + 210 + 12];
  const mfu = flops.map((own, i) => own / ([0.011, 0.0101, 0.0121][i]! * 1e5));
  const mean = (1065 + 121 + 2342) / (0.0332 * 1e5);
  expect(detail.stages).toEqual([
    {
      pool: "a",
      replica: "a1",
      stage: 1,
      busy: near(1),
      mfu: { min: near(mfu[1]!), mean: near(mean), max: near(mfu[2]!) },
      // One block of ten for 21.1 ms, then three.
      kvUse: { min: 0.1, mean: near((0.1 * 21.1 + 0.3 * 12.1) / 33.2), max: 0.3 },
    },
  ]);
  // Nothing was computed twice: the requests say the same as the batches.
  expect(summary.pools[0]!.mfu).toBeCloseTo(mean, 12);
  expect(summary.fleet.mfu).toBeCloseTo(mean, 12);
});

test("windows of attention and prefill pools are in the work of requests", () => {
  const work = { stages: [{ ...stage, perLocalPair: 2 }], window: 4, peakFlopsPerS: 1e5 };
  const prefill = { ...pool, work, role: "prefill" as const };
  const { summary } = run({ pools: [prefill, { ...prefill, role: "decode" as const }], source: [{ at: 0, prompt: 10, output: 3 }] });
  // In windows of 4: 1 + 2 + 3 + 7 x 4 pairs of the prompt, 4 for each of two decodes.
  const [p, d] = summary.pools.map((own) => (own.mfu ?? NaN) * own.replicaSeconds * 1e5);
  expect(p).toBeCloseTo(1000 + 10 + 55 + 2 * 34, 6);
  expect(d).toBeCloseTo(200 + 20 + 11 + 12 + 2 * 8, 6);
});

test("where requests spend their time", () => {
  const { recorder, detail, engine } = run({ pools: [pool], source: two });
  const { running, preempted, stalled } = recorder.requestColumns();
  // In the order of their ends, which is one moment.
  expect([...running].map((value) => Number(value.toFixed(9)))).toEqual([0.0332, 0.0121]);
  expect([...preempted, ...stalled]).toEqual([0, 0, 0, 0]);
  expect(detail.requestTimes.waiting.max).toBeCloseTo(0.0061, 12);
  const metrics = requestMetrics(engine.requests());
  expect(metrics.e2ePerOutputToken.max).toBeCloseTo(0.0332 - 0.015, 12);
  expect(metrics.prefillTimePerPromptToken.p50).toBeCloseTo((0.011 / 10 + 0.0121 / 20) / 2, 12);
  expect([metrics.decodeTime.count, metrics.decodeTime.mean]).toEqual([1, expect.closeTo(0.0222, 12)]);
  expect(metrics.inferenceTimePerOutputToken.p50).toBeCloseTo((0.0332 / 3 + 0.0121) / 2, 12);
  expect([metrics.promptPerOutputToken.max, metrics.interArrival.count, metrics.interArrival.mean]).toEqual([20, 1, 0.015]);
});

test("a batch waits for its second stage: that is not execution, and the requests are stalled", () => {
  // Two prompts on two stages. The first batch: 12 ms on each stage. The second, of 10 tokens, ends its first stage at 23 ms and its second at 35 ms.
  const stages = [stage, stage].map((own) => ({ ...own, perOutput: 0 }));
  const source = [
    { at: 0, prompt: 20, output: 1 },
    { at: 0.001, prompt: 10, output: 1 },
  ];
  const { detail, recorder, engine } = run({ pools: [{ ...pool, stages: 2, work: { ...pool.work, stages } }], source });
  expect([...engine.requests().finishedAt].map((time) => Number(time.toFixed(9)))).toEqual([0.024, 0.035]);
  expect(detail.batches.executionTime).toMatchObject({ count: 2, mean: near((0.024 + 0.022) / 2), max: near(0.024) });
  const { running, stalled } = recorder.requestColumns();
  // In a batch from 1 ms on, for whose first stage it waits until 12 ms, and for the second from 23 to 24 ms.
  expect([...running].map((value) => Number(value.toFixed(9)))).toEqual([0.024, 0.022]);
  expect([...stalled].map((value) => Number(value.toFixed(9)))).toEqual([0, 0.012]);
  expect(detail.stages.map(({ busy }) => Number(busy.toFixed(9)))).toEqual([0.023 / 0.035, 0.023 / 0.035].map((x) => Number(x.toFixed(9))));
});

test("a preempted request counts from the loss of its blocks to its next batch", () => {
  // Blocks of 16, twelve of them, one kept free at the door. Two requests of 70 + 30 tokens have five each, six from 80 tokens on: then none is
  // free, and the second gives way until the first is through.
  const source = [
    { at: 0, prompt: 70, output: 30 },
    { at: 0, prompt: 70, output: 30 },
  ];
  const batching = { definition: sarathi, values: { watermark: 0.1, batchCap: 8, chunk: 512 } };
  const { recorder, engine, summary } = run({ pools: [{ ...pool, kvBlocks: 12, batching }], source });
  const log = engine.requests();
  expect(summary.fleet.preemptions).toBe(1);
  const { running, preempted, stalled } = recorder.requestColumns();
  const row = log.preemptions.indexOf(1);
  // The other one ends first: its end is when the blocks are free again.
  const other = 1 - row;
  expect(log.finishedAt[other]!).toBeLessThan(log.finishedAt[row]!);
  // 24 ms for both prompts, and eleven decodes of 10.2 ms.
  const lostAt = 0.024 + 11 * 0.0102;
  expect(preempted[row]!).toBeCloseTo(log.finishedAt[other]! - lostAt, 9);
  expect(running[row]! + preempted[row]!).toBeCloseTo(log.finishedAt[row]!, 9);
  expect([...stalled]).toEqual([0, 0]);
});
