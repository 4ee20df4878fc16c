import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { complete } from "./complete.ts";
import { createDetailedRun } from "./detailed-run.ts";
import { decimal } from "./decimal.ts";
import { runFiles, summaryText } from "./files.ts";
import { hashScenario } from "./hash.ts";
import { everything } from "./everything.ts";
import { createRun } from "./run.ts";
import { ENGINE_VERSION } from "./version.ts";
import type { RunDetail } from "../engine/metrics/detail-results.ts";
import { presetFacts } from "../workload/presets/index.ts";

test("the engine version is the package's", () => {
  const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as { version: string };
  expect(ENGINE_VERSION).toBe(version);
});

describe("decimal", () => {
  test("has no exponent and reads back as the same number", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const text = decimal(value);
        expect(text).toMatch(/^-?\d+(\.\d+)?$/);
        expect(Number(text)).toBe(Object.is(value, -0) ? 0 : value);
      }),
    );
  });

  test.each([
    [1e-7, "0.0000001"],
    [1.25e-9, "0.00000000125"],
    [-1.5e21, "-1500000000000000000000"],
    [0.1, "0.1"],
    [NaN, ""],
    [Infinity, ""],
  ])("%d", (value, text) => expect(decimal(value)).toBe(text));
});

describe("files of a run", () => {
  const scenario = complete({
    name: 'Two pools, "quoted"',
    traffic: {
      source: { kind: "synthetic", arrivals: { id: "poisson", params: { rate: 20 } }, lengths: { id: "uniform" } },
      maxRequests: 400,
      maxSeconds: null,
    },
    tenants: [{ name: "a, b", share: 2 }, { name: "c" }],
    pools: [
      { name: "one", replicas: 2 },
      { name: "two", replicas: 1, gpu: "a100-80-sxm" },
    ],
    admission: { id: "queue-limit", params: { limit: 3 } },
    faults: [{ at: 5, pool: "one", replica: 1, replaceAfter: 2 }],
  });
  const run = createRun(scenario, { trace: null, step: false, workloads: presetFacts, keepRequests: true });
  run.runUntil(Infinity);
  const results = run.results();
  const files = Object.fromEntries(runFiles(results).map((file) => [file.name, [...file.chunks()].join("")]));
  const rows = (name: string): string[] => files[name]!.trimEnd().split("\n");

  test("are the four, and with several tenants what each was served", () => {
    expect(Object.keys(files)).toEqual(["summary.json", "requests.csv", "replicas.csv", "fleet.csv", "fairness.csv"]);
    for (const text of Object.values(files)) expect(text.endsWith("\n")).toBe(true);
  });

  test("summary.json has the results, the scenario, its hash and the version", () => {
    const summary = JSON.parse(files["summary.json"]!) as Record<string, unknown>;
    expect(summary).toMatchObject({ requests: { total: 400 }, scenarioHash: hashScenario(scenario), engineVersion: ENGINE_VERSION });
    expect(summary["scenario"]).toEqual(scenario);
    expect(files["summary.json"]).toBe(summaryText(results));
  });

  test("requests.csv has every request once, in order of arrival, and agrees with the summary", () => {
    const [header, ...lines] = rows("requests.csv");
    expect(header).toBe(
      "id,tenant,arrived_at,prompt_tokens,output_tokens,pool,replica,status,scheduled_at,first_token_at,finished_at,preemptions,cached_tokens,ttft,tpot,e2e,queueing,prefill_time,decode_time,inference_time,e2e_per_output_token",
    );
    // Tenant "a, b" is quoted; nothing else has a comma.
    const fields = lines.map((line) => line.replace('"a, b"', "ab").split(","));
    expect(fields.map((row) => Number(row[0]))).toEqual(Array.from({ length: 400 }, (_, i) => i));
    expect(new Set(fields.map((row) => row.length))).toEqual(new Set([21]));
    expect(new Set(fields.map((row) => row[1]))).toEqual(new Set(["ab", "c"]));
    const completed = fields.filter((row) => row[7] === "completed");
    expect(completed.length).toBe(results.summary.requests.completed);
    expect(fields.length - completed.length).toBe(results.summary.requests.refused);
    const ttft = completed.map((row) => Number(row[9]) - Number(row[2]));
    expect(ttft.reduce((sum, value) => sum + value, 0) / ttft.length).toBeCloseTo(results.summary.ttft.mean!, 12);
    for (const row of completed) {
      const [ttft, tpot, e2e, queueing, prefill, decode, inference, perToken] = row.slice(13).map(Number) as [number, ...number[]];
      expect(queueing! + prefill!).toBeCloseTo(ttft, 9);
      expect(ttft + decode!).toBeCloseTo(e2e!, 9);
      expect(prefill! + decode!).toBeCloseTo(inference!, 9);
      expect(tpot! * (Number(row[4]) - 1)).toBeCloseTo(decode!, 9);
      expect(perToken! * Number(row[4])).toBeCloseTo(e2e!, 9);
    }
    const refused = fields.find((row) => row[7] === "refused")!;
    expect(refused.slice(13)).toEqual(["", "", "", "", "", "", "", ""]);
    for (let i = 1; i < fields.length; i++) expect(Number(fields[i]![2])).toBeGreaterThanOrEqual(Number(fields[i - 1]![2]));
  });

  test("replicas.csv leaves out replicas that failed, fleet.csv has a row per sample and pool", () => {
    const [, ...replicas] = rows("replicas.csv");
    const [, ...fleet] = rows("fleet.csv");
    expect(fleet.length).toBe(results.fleet.length * 2);
    expect(fleet.some((row) => /^\d+(\.\d+)?,one,1,/.test(row))).toBe(true);
    const first = results.fleet.replicas[0]!.name;
    const at = (t: number): boolean => replicas.some((row) => row.startsWith(`${t},one,${first},`));
    expect(at(0)).toBe(true);
    expect(at(results.fleet.sampleSeconds * Math.ceil(6 / results.fleet.sampleSeconds))).toBe(false);
  });

  test("a run that keeps no requests has no requests.csv", () => {
    const bare = createRun(scenario, { trace: null, step: false, workloads: presetFacts, keepRequests: false });
    bare.runUntil(Infinity);
    expect(runFiles(bare.results()).map((file) => file.name)).toEqual(["summary.json", "replicas.csv", "fleet.csv"]);
  });

  test("details, when asked for, add columns and files, and change nothing else", () => {
    const options = { trace: null, step: false, workloads: presetFacts, keepRequests: true, detail: true, batchTrace: null } as const;
    const written = (step: boolean): Record<string, string> => {
      const it = createDetailedRun(scenario, { ...options, step });
      it.run.runUntil(Infinity);
      return Object.fromEntries(runFiles(it.results()).map((file) => [file.name, [...file.chunks()].join("")]));
    };
    const detailed = written(false);
    expect(written(true)).toEqual(detailed);
    expect(Object.keys(detailed)).toEqual([...Object.keys(files), "batches.csv", "histograms.csv"]);
    const { details, ...rest } = JSON.parse(detailed["summary.json"]!) as Record<string, unknown>;
    expect(rest).toEqual(JSON.parse(files["summary.json"]!));
    const lines = (name: string): string[][] =>
      detailed[name]!.trimEnd()
        .split("\n")
        .map((line) => line.replace('"a, b"', "ab").split(","));
    expect(lines("requests.csv")[0]!.slice(21)).toEqual(["running_time", "preempted_time", "stalled_time"]);
    expect(lines("requests.csv").map((row) => row.slice(0, 21).join(","))).toEqual(
      rows("requests.csv").map((row) => row.replace('"a, b"', "ab")),
    );
    for (const row of lines("requests.csv").slice(1))
      if (row[7] === "completed") expect(Number(row[21]) + Number(row[22]) + Number(row[23])).toBeCloseTo(Number(row[19]), 9);
    const [head, ...batches] = lines("batches.csv");
    expect(head).toHaveLength(13);
    const iterations = batches.reduce((sum, row) => sum + (row[12] === "0" ? Number(row[4]) : 0), 0);
    expect(iterations).toBe(results.summary.fleet.iterations);
    for (const name of ["requests", "tokens", "prefill_tokens", "decode_tokens", "execution_time"]) {
      const bins = lines("histograms.csv").filter((row) => row[0] === name);
      expect(
        bins.reduce((sum, row) => sum + Number(row[3]), 0),
        name,
      ).toBe(iterations);
    }
    const { batches: sizes, parts } = details as RunDetail;
    expect(sizes.requests.count).toBe(iterations);
    const execution = batches.reduce((sum, row) => sum + (row[12] === "0" ? Number(row[11]) : 0), 0);
    expect(parts.reduce((sum, part) => sum + part.seconds, 0) / execution).toBeCloseTo(1, 9);
  });

  test("scaling.csv has a row per change that an autoscaler asked for, and its reasons; without autoscalers there is none", () => {
    const scaled = createRun(
      {
        ...scenario,
        pools: scenario.pools.map((pool, i) =>
          i === 0
            ? {
                ...pool,
                autoscaling: {
                  id: "schedule",
                  params: {
                    replicas: [
                      [3, 4],
                      [5, 1],
                    ],
                  },
                },
              }
            : pool,
        ),
      },
      {
        trace: null,
        step: false,
        workloads: presetFacts,
        ...everything,
        keepRequests: false,
      },
    );
    scaled.runUntil(Infinity);
    const file = runFiles(scaled.results()).find(({ name }) => name === "scaling.csv")!;
    const [header, first, second] = [...file.chunks()].join("").trimEnd().split("\n");
    expect(header).toBe("t,pool,ready,starting,draining,leaving,answered,ordered,because");
    expect(first).toBe("3,one,2,0,0,0,2,2,replicas in the timetable: 4");
    // The crash at 5 s has come first; of the three that are ordered none is ready but one.
    expect(second).toMatch(/^5,one,1,2,0,0,-2,0,replicas in the timetable: 1$/);
  });

  test("stepping writes the same bytes as leaping", () => {
    const stepped = createRun(scenario, { trace: null, step: true, workloads: presetFacts, keepRequests: true });
    stepped.runUntil(Infinity);
    for (const file of runFiles(stepped.results())) expect([...file.chunks()].join(""), file.name).toBe(files[file.name]);
  });
});
