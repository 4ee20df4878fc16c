// Tables of benchmarks, and a calibration whose truth is known: the runs come from the simulator itself, with other parameters.
import { describe, expect, test } from "vitest";
import { finished } from "../latency/fit/fit.ts";
import { parseScenario } from "../scenario/schema.ts";
import { setPath } from "../scenario/set-path.ts";
import type { Scenario } from "../scenario/types.ts";
import { assignmentsOf, calibratedScenario } from "./benchmark-apply.ts";
import { calibrateScenario, simulateMeans } from "./benchmark-calibration.ts";
import { MOST_REQUESTS, readBenchmarks } from "./benchmark-table.ts";
import type { BenchmarkTable } from "./benchmark-table.ts";

function scenario(more: Record<string, unknown> = {}): Scenario {
  const outcome = parseScenario({
    version: 1,
    traffic: {
      source: { kind: "synthetic", arrivals: { id: "poisson" }, lengths: { id: "fixed", params: { prompt: 700, output: 50 } } },
      maxRequests: 80,
      maxSeconds: null,
    },
    pools: [{ name: "main", replicas: 1 }],
    ...more,
  });
  if (!outcome.ok) throw new Error(outcome.errors.join(" "));
  return outcome.scenario;
}
const base = scenario();
const read = (text: string, on = base): Extract<BenchmarkTable, { ok: true }> => {
  const table = readBenchmarks(text, on);
  if (!table.ok) throw new Error(table.text);
  return table;
};
const refusal = (text: string, on = base): string => {
  const table = readBenchmarks(text, on);
  return table.ok ? "" : table.text;
};

describe("a table of benchmarks", () => {
  test("names of load generators, units, and what a row says of its traffic", () => {
    const { runs, notes } = read(
      "Run,Request rate,ISL,OSL,Num prompts,Mean TTFT (ms),mean_tpot_ms,e2e_s,p99_ttft_ms\na,4,512,128,300,30,8,1.1,90\nb,inf,512,128,,,8,,\n",
    );
    expect(runs[0]).toMatchObject({ name: "a", line: 2, measured: { ttft: 0.03, tpot: 0.008, e2e: 1.1 } });
    expect(runs[0]!.scenario.traffic).toMatchObject({
      maxRequests: 300,
      source: { arrivals: { id: "poisson", params: { rate: 4 } }, lengths: { id: "fixed", params: { prompt: 512, output: 128 } } },
    });
    // No rate: that of the scenario. An empty mean: not measured.
    expect(runs[1]!.scenario.traffic.source).toMatchObject({
      arrivals: base.traffic.source.kind === "synthetic" ? base.traffic.source.arrivals : null,
    });
    expect(runs[1]!.measured).toEqual({ ttft: null, tpot: 0.008, e2e: null });
    expect(notes).toEqual(["Columns that are not used: p99_ttft_ms."]);
  });

  test("requests in flight make a closed loop, ten requests for each, at most so many", () => {
    const { runs, notes } = read("max_concurrency,requests,tpot_ms\n16,,9\n16,1000000,9\n");
    expect(runs.map((run) => run.scenario.traffic.maxRequests)).toEqual([160, MOST_REQUESTS]);
    expect(runs[0]!.scenario.traffic.source).toMatchObject({ arrivals: { id: "closed-loop", params: { concurrency: 16 } } });
    expect(notes).toEqual([`Of 1 runs the first ${MOST_REQUESTS} requests are simulated.`]);
  });

  test("a column may be a field of the scenario", () => {
    const { runs } = read("pools[0].tensorParallel,pools[0].batching.params.chunk,tpot_ms\n2,1024,5\n,,6\n");
    expect(runs.map((run) => run.scenario.pools[0]!.tensorParallel)).toEqual([2, 1]);
    expect(runs[0]!.scenario.pools[0]!.batching.params).toMatchObject({ chunk: 1024 });
  });

  test("a row that cannot be used is listed, the others stay", () => {
    const { runs, refused } = read(
      'rate,isl,osl,arrivals,ttft_ms\n4,512,,,30\n0,1,1,,30\n4,1,1,bursty,30\n4,1,1,,\n4,1,1,,"30\n4,1,1,,31\n',
    );
    expect(runs).toHaveLength(1);
    expect(refused.map(({ line, reason }) => `${line}: ${reason}`)).toEqual([
      "2: only one of input and output length is given: give both, or neither to keep those of the scenario",
      '3: rate "0": give a number above 0',
      '4: arrivals "bursty": give poisson or constant',
      "5: it has no measured mean",
      "6: a quotation mark is not closed",
    ]);
  });

  test.each([
    ["rate,isl\n1,1\n", /^There is no measured mean .*found rate, isl\)/],
    ["", /There is no measured mean .*found nothing/],
    ["ttft_ms\n", /^There is no run in it/],
    ["ttft_ms\n-3\n", /^No run can be used\. Line 2: ttft_ms "-3": give a number above 0\.$/],
  ])("%j is refused in one sentence", (text, wanted) => expect(refusal(text)).toMatch(wanted));

  test("what the scenario must be", () => {
    expect(refusal("ttft_ms\n3\n", scenario({ pools: [{ name: "main", latency: { id: "linear" } }] }))).toMatch(
      /pools\[0\]\.latency is "linear"/,
    );
    const trace = { source: { kind: "trace", hash: "0".repeat(64), file: "x.csv" } };
    expect(refusal("ttft_ms\n3\n", scenario({ traffic: trace }))).toMatch(/^The scenario's traffic is a trace/);
  });
});

describe("calibration of a scenario", () => {
  test("finds the parameters that the runs were made with, and writes them into the scenario", () => {
    const set = (path: string, on: Scenario = base): Scenario => {
      const outcome = setPath(on, path);
      if (!outcome.ok) throw new Error(outcome.errors[0]);
      return outcome.scenario;
    };
    const truth = set("pools[0].latency.params.iterationOverhead=4000");
    const loads = [
      [1, 100, 60],
      [4, 100, 60],
      [10, 100, 60],
      [2, 2000, 20],
      [5, 2000, 20],
      [3, 500, 200],
    ];
    const outsideMs = 12;
    const blank = read(`rate,isl,osl,requests,tpot_ms\n${loads.map((row) => [...row.slice(0, 3), 60, 1].join(",")).join("\n")}\n`, truth);
    const rows = blank.runs.map((run, i) => {
      const { ttft, tpot, e2e } = simulateMeans(run.scenario, []);
      return [...loads[i]!, 60, ttft! * 1e3 + outsideMs, tpot! * 1e3, e2e! * 1e3 + outsideMs].join(",");
    });
    const { runs } = read(`rate,isl,osl,requests,ttft_ms,tpot_ms,e2e_ms\n${rows.join("\n")}\n`);
    const calibration = finished(calibrateScenario(runs, base, []));
    const knob = (id: string) => calibration.knobs.find((one) => one.knob.id === id)!;
    expect(calibration.errors.before.tpot).toBeGreaterThan(0.2);
    expect(calibration.errors.after.tpot).toBeLessThan(0.01);
    expect(calibration.errors.after.ttft).toBeLessThan(0.03);
    // Reading of weights, start-up of kernels and the host's time are all constant in an iteration: each moves as far as was unsure of it before.
    for (const [id, made, within] of [
      ["memoryScale", 1, 0.15],
      ["iterationOverhead", 4000, 0.15],
      ["outside", outsideMs, 0.15],
    ] as const) {
      const { value, interval } = knob(id);
      expect(Math.abs(value / made - 1)).toBeLessThan(within);
      expect(interval[0]).toBeLessThan(made);
      expect(interval[1]).toBeGreaterThan(made);
    }
    const params = calibratedScenario(base, calibration).pools[0]!.latency.params!;
    for (const assignment of assignmentsOf(base, calibration)) {
      const [path, text] = assignment.split("=") as [string, string];
      expect(params[path.split(".").at(-1)!]).toBe(Number(text));
    }
  }, 120_000);
});
