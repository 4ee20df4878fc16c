import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { complete } from "./complete.ts";
import { decimal } from "./decimal.ts";
import { runFiles, summaryText } from "./files.ts";
import { hashScenario } from "./hash.ts";
import { createRun } from "./run.ts";
import { ENGINE_VERSION } from "./version.ts";
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

  test("are the four", () => {
    expect(Object.keys(files)).toEqual(["summary.json", "requests.csv", "replicas.csv", "fleet.csv"]);
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
      "id,tenant,arrived_at,prompt_tokens,output_tokens,pool,replica,status,scheduled_at,first_token_at,finished_at,preemptions,cached_tokens",
    );
    // Tenant "a, b" is quoted; nothing else has a comma.
    const fields = lines.map((line) => line.replace('"a, b"', "ab").split(","));
    expect(fields.map((row) => Number(row[0]))).toEqual(Array.from({ length: 400 }, (_, i) => i));
    expect(new Set(fields.map((row) => row.length))).toEqual(new Set([13]));
    expect(new Set(fields.map((row) => row[1]))).toEqual(new Set(["ab", "c"]));
    const completed = fields.filter((row) => row[7] === "completed");
    expect(completed.length).toBe(results.summary.requests.completed);
    expect(fields.length - completed.length).toBe(results.summary.requests.refused);
    const ttft = completed.map((row) => Number(row[9]) - Number(row[2]));
    expect(ttft.reduce((sum, value) => sum + value, 0) / ttft.length).toBeCloseTo(results.summary.ttft.mean!, 12);
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

  test("stepping writes the same bytes as leaping", () => {
    const stepped = createRun(scenario, { trace: null, step: true, workloads: presetFacts, keepRequests: true });
    stepped.runUntil(Infinity);
    for (const file of runFiles(stepped.results())) expect([...file.chunks()].join(""), file.name).toBe(files[file.name]);
  });
});
