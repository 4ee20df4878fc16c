import { describe, expect, test } from "vitest";
import { gpuById, gpus } from "../catalog/index.ts";
import type { Trace } from "../workload/types.ts";
import { buildConfig, memoryOf, ScenarioError } from "./build.ts";
import { complete } from "./complete.ts";
import type { ScenarioDraft } from "./complete.ts";
import { presets } from "./presets/index.ts";
import { createRun } from "./run.ts";
import { withTrace } from "./with-trace.ts";
import { everything } from "./everything.ts";
import { presetFacts } from "../workload/presets/index.ts";

const build = (draft: ScenarioDraft, trace: Trace | null = null) =>
  buildConfig(complete(draft), { trace, step: false, workloads: presetFacts });
const hash = "0".repeat(64);
const threeRows: Trace = {
  length: 3,
  arrivedAt: Float64Array.of(0, 1, 2),
  promptTokens: Int32Array.of(100, 200, 300),
  outputTokens: Int32Array.of(10, 20, 30),
  tenant: Uint16Array.of(1, 0, 1),
  tenantNames: ["x", "gold"],
  session: null,
  prefix: null,
};

describe("buildConfig", () => {
  test("no limit becomes Infinity, names become numbers", () => {
    const config = build({
      sloClasses: [{ name: "a", ttft: 1 }, { name: "b" }],
      tenants: [{ name: "t", sloClass: "b", weight: 3 }],
      pools: [{ name: "one" }, { name: "two", replicas: 2 }],
      faults: [{ at: 4, pool: "two", replica: 2 }],
    });
    expect(config.sloClasses[0]).toEqual({ name: "a", ttft: 1, tpot: Infinity, e2e: Infinity });
    expect(config.tenants).toEqual([{ name: "t", sloClass: 1, weight: 3 }]);
    expect(config.faults).toEqual([{ at: 4, kind: "crash", pool: 1, position: 1, replaceAfter: Infinity }]);
  });

  test("the price is the user's, else the catalog's, for all GPUs of a replica", () => {
    const [own, listed] = build({
      model: "llama-3.1-70b",
      pools: [
        { name: "own", tensorParallel: 4, pricePerGpuHour: 2 },
        { name: "listed", tensorParallel: 2, pipelineParallel: 2 },
      ],
    }).pools;
    expect(own!.pricePerReplicaHour).toBe(8);
    expect(listed!.pricePerReplicaHour).toBe(4 * gpuById("h100-sxm").pricePerHour.value!);
    expect(listed).toMatchObject({ gpusPerReplica: 4, stages: 2 });
  });

  test("nodes cost what their GPUs cost; a start takes its fixed part, and the weights over the bandwidth that loads them", () => {
    const [alone, nodes, loads] = build({
      model: "llama-3.1-8b",
      pools: [
        { name: "alone", startupSeconds: 7 },
        { name: "nodes", pricePerGpuHour: 2, gpusPerNode: 4, paidFrom: "ready", minReplicas: 2, maxReplicas: 9, scaleDownSeconds: 3 },
        { name: "loads", tensorParallel: 2, startupSeconds: 7, loadGbytesPerS: 2 },
      ],
    }).pools;
    expect(alone).toMatchObject({
      node: null,
      paysStarting: true,
      startupSeconds: 7,
      minReplicas: 1,
      maxReplicas: 64,
      scaleDownSeconds: 0,
    });
    expect(nodes).toMatchObject({
      node: { gpus: 4, pricePerHour: 8 },
      paysStarting: false,
      minReplicas: 2,
      maxReplicas: 9,
      scaleDownSeconds: 3,
    });
    // 8.03 B parameters of 2 bytes, once for the replica: 16.06 GB at 2 GB/s.
    expect(loads!.startupSeconds).toBeCloseTo(7 + 8.03, 1);
  });

  test("KV blocks are computed from memory, or taken as given", () => {
    const scenario = complete({ pools: [{ name: "a" }, { name: "b", kv: { blocks: 123 } }] });
    const [computed, given] = buildConfig(scenario, { trace: null, step: false, workloads: presetFacts }).pools;
    expect(computed!.kvBlocks).toBe(memoryOf(scenario, scenario.pools[0]!).blocks);
    expect(computed!.kvBlocks).toBeGreaterThan(10_000);
    expect(given!.kvBlocks).toBe(123);
  });

  test("what cannot run is a sentence with its place", () => {
    expect(() => build({ model: "llama-3.1-405b" })).toThrow(ScenarioError);
    expect(() => build({ model: "llama-3.1-405b" })).toThrow(/^pools\[0\]: Llama 3\.1 405B needs .* GB of weights/);
    const unpriced = gpus.find((gpu) => gpu.pricePerHour.value === null);
    if (unpriced !== undefined)
      expect(() => build({ pools: [{ name: "a", gpu: unpriced.id, kv: { blocks: 1000 } }] })).toThrow(
        /^pools\[0\]\.pricePerGpuHour: The catalog knows no price/,
      );
    expect(() =>
      buildConfig(withTrace(complete({}), { hash, file: "a.csv" }), { trace: null, step: false, workloads: presetFacts }),
    ).toThrow(/needs the trace "a.csv"/);
  });

  test("the tenants of a trace win, with the class and weight of the tenant of that name", () => {
    const scenario = withTrace(
      complete({
        sloClasses: [{ name: "standard" }, { name: "fast", ttft: 1 }],
        tenants: [{ name: "rest" }, { name: "gold", sloClass: "fast", weight: 5 }],
      }),
      { hash, file: "a.csv" },
    );
    expect(buildConfig(scenario, { trace: threeRows, step: false, workloads: presetFacts }).tenants).toEqual([
      { name: "x", sloClass: 0, weight: 1 },
      { name: "gold", sloClass: 1, weight: 5 },
    ]);
  });
});

describe("createRun", () => {
  test("serves every row of a trace as it stands, without the limits and scales of the traffic it replaces", () => {
    const scenario = withTrace(complete({ traffic: { maxRequests: 1, maxSeconds: 1, promptScale: 2 } }), { hash, file: "a.csv" });
    const run = createRun(scenario, { trace: threeRows, step: false, workloads: presetFacts, keepRequests: true });
    run.runUntil(Infinity);
    const { summary, requests } = run.results();
    expect(summary.requests).toEqual({ total: 3, completed: 3, refused: 0, failed: 0, unfinished: 0 });
    expect([...requests!.promptTokens].sort((a, b) => a - b)).toEqual([100, 200, 300]);
    expect(run.endedCount).toBe(3);
  });

  test("stopping on the way changes nothing", () => {
    const { scenario } = presets.find((preset) => preset.id === "memory-pressure")!;
    const once = createRun(scenario, { trace: null, step: false, workloads: presetFacts, keepRequests: true });
    once.runUntil(Infinity);
    const often = createRun(scenario, { trace: null, step: false, workloads: presetFacts, keepRequests: true });
    while (!often.runUntil(Infinity, 777));
    expect(often.results().summary).toEqual(once.results().summary);
  });

  test.each(presets.map((preset) => [preset.id, preset.scenario] as const))("preset %s ends and loses no request", (_id, scenario) => {
    const run = createRun(scenario, {
      trace: null,
      step: false,
      workloads: presetFacts,
      ...everything,
      keepRequests: false,
    });
    run.runUntil(Infinity);
    const { requests, makespan } = run.results().summary;
    expect(requests.total).toBeGreaterThan(500);
    expect(requests.completed + requests.refused + requests.failed + requests.unfinished).toBe(requests.total);
    expect(requests.unfinished).toBe(0);
    expect(makespan).toBeGreaterThan(50);
  });
});
