// goodput sweep in this process: table, JSON, files, refusals.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { createRun } from "../scenario/run.ts";
import { parseScenario } from "../scenario/schema.ts";
import { everything } from "../scenario/everything.ts";
import { planExperiment } from "../analysis/plan.ts";
import { createSweepRunner } from "../analysis/sweep-host.ts";
import { command, type Ended } from "./testing.ts";
import { openPool } from "./run-pool.ts";

const folder = mkdtempSync(join(tmpdir(), "goodput-sweep-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const draft = {
  name: "Small",
  seed: 4,
  traffic: { source: { kind: "synthetic", arrivals: { id: "poisson", params: { rate: 20 } }, lengths: { id: "fixed" } }, maxRequests: 300 },
  pools: [{ name: "main", replicas: 2, pricePerGpuHour: 3 }],
};
const small = join(folder, "small.json");
writeFileSync(small, JSON.stringify(draft));
const VARY = ["--vary", "pools[0].replicas=1,2,4"];

const run = (...args: readonly string[]): Promise<Ended> => command("sweep", ...args);

interface Printed {
  readonly seeds: readonly number[];
  readonly hypervolume: { readonly formula: number; readonly area: number };
  readonly settings: readonly {
    readonly values: Record<string, string>;
    readonly onFront: boolean;
    readonly metrics: Record<string, { readonly mean: number; readonly sd: number }>;
  }[];
  readonly runs: readonly { readonly values: Record<string, string>; readonly seed: number; readonly metrics: Record<string, number> }[];
}

const printed = async (...args: readonly string[]): Promise<Printed> => {
  const { status, out, err } = await run(...args, "--json");
  expect({ status, err }).toEqual({ status: 0, err: "" });
  return JSON.parse(out) as Printed;
};

describe("sweep", () => {
  test("a run of a sweep has the figures of that run by itself", async () => {
    const { runs, seeds } = await printed(small, ...VARY, "--seeds", "2");
    expect(seeds).toEqual([4, 5]);
    expect(runs.map(({ values, seed }) => [values["pools[0].replicas"], seed])).toEqual([
      ["1", 4],
      ["1", 5],
      ["2", 4],
      ["2", 5],
      ["4", 4],
      ["4", 5],
    ]);
    const parsed = parseScenario({ ...draft, seed: 5, pools: [{ ...draft.pools[0], replicas: 4 }] });
    if (!parsed.ok) throw new Error(parsed.errors[0]);
    const alone = createRun(parsed.scenario, {
      trace: null,
      step: true,
      workloads: [],
      ...everything,
      keepRequests: true,
    });
    alone.runUntil(Infinity);
    const { e2e, cost, slo } = alone.results().summary;
    expect(runs.at(-1)?.metrics).toMatchObject({ "e2e.p90": e2e.p90, cost: cost.total, slo: slo.attainment });
  });
  test("the mean of a setting is that of its runs", async () => {
    const { settings, runs } = await printed(small, ...VARY, "--seeds", "3");
    const own = runs.filter(({ values }) => values["pools[0].replicas"] === "2").map(({ metrics }) => metrics["e2e.p90"]!);
    const mean = (own[0]! + own[1]! + own[2]!) / 3;
    expect(settings[1]?.metrics["e2e.p90"]?.mean).toBe(mean);
    expect(settings[1]?.metrics["e2e.p90"]?.sd).toBeCloseTo(Math.sqrt(own.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 2), 15);
  });
  test("processes give what this process gives, columns included", async () => {
    const parsed = parseScenario(draft);
    if (!parsed.ok) throw new Error(parsed.errors[0]);
    const outcome = planExperiment({ base: parsed.scenario, axes: [{ path: "pools[0].replicas", values: ["1", "2", "4"] }], seeds: [4] });
    if (!outcome.ok) throw new Error(outcome.error);
    const pool = openPool(2, { trace: null, profiles: [] });
    const answers = await Promise.all(outcome.plan.runs.map((run) => pool.run(run.scenario)));
    pool.close();
    const runner = createSweepRunner();
    for (const [i, { scenario }] of outcome.plan.runs.entries()) expect(answers[i]).toEqual(await runner.run(scenario));
  });
  test("prints a row per setting, the front marked, the hypervolume below", async () => {
    const { status, out, err } = await run(small, ...VARY, "--reference", "1,5");
    expect({ status, err }).toEqual({ status: 0, err: "" });
    expect(out).toMatch(/^Scenario +Small\nRuns +3 settings x 1 seed\n/);
    expect(out).toMatch(/\n\* +1 +\$/);
    expect(out).toMatch(/\* on the front of total cost against P90 end-to-end latency\.\n/);
    expect(out).toMatch(/\nHypervolume to \$1\.00, 5 s: 0\.\d{4}/);
  });
  test("without --vary: what the preset proposes, with its reference and published front", async () => {
    const { out, err } = await run("service-levels", "--seeds", "1", "--set", "traffic.maxSeconds=3600");
    expect(err).toBe("");
    expect(out).toContain("Runs      3 settings x 1 seed");
    expect(out).toContain("Hypervolume to $50.00, 500 ms: 0.1");
    expect(out).toContain("published 0.1592: notebook of the lab's release");
    // With other traffic the published points say nothing.
    const other = await run("service-levels", ...VARY, "--set", "traffic.maxSeconds=60");
    expect(other.out).not.toContain("published");
  });
  test("other axes, a share among them", async () => {
    const { status, out } = await run(small, ...VARY, "--x", "cost.hour", "--y", "slo", "--reference", "20,0.5");
    expect(status).toBe(0);
    expect(out).toContain("Hypervolume to $20.00/h, 50.0 %: ");
  });
  test("writes its files whole", async () => {
    const out = join(folder, "out");
    expect((await run(small, ...VARY, "--seeds", "2", "--out", out)).status).toBe(0);
    expect(readdirSync(out).sort()).toEqual(["replicas.csv", "runs.csv", "settings.csv", "sweep.json"]);
    const read = (name: string): string => readFileSync(join(out, name), "utf8");
    expect(read("runs.csv").split("\n")).toHaveLength(1 + 6 + 1);
    expect(read("runs.csv")).toMatch(/^pools\[0\]\.replicas,seed,cost,cost_hour,cost_tokens,e2e_mean,e2e_p50,/);
    expect(read("settings.csv").split("\n")).toHaveLength(1 + 3 + 1);
    expect(read("replicas.csv")).toMatch(/^pools\[0\]\.replicas,seed,t,replicas,cost_per_hour\n1,4,0,1,3\n/);
    expect(read("sweep.json")).toBe((await run(small, ...VARY, "--seeds", "2", "--json")).out);
  });
  test("a sweep that fails leaves no files", async () => {
    const out = join(folder, "nothing");
    const ended = await run(small, "--vary", "pools[0].gpu=h100-sxm,no-such", "--out", out);
    expect(ended.status).toBe(2);
    const late = await run(
      small,
      "--vary",
      "model=llama-3.1-8b,llama-3.1-70b",
      "--set",
      "pools[0].tensorParallel=1",
      "--set",
      "pools[0].gpu=l4",
      "--out",
      out,
    );
    expect(late.status).toBe(2);
    expect(late.err).toMatch(/^model llama-3\.1-\d+b, seed 4: pools\[0\]: [^\n]+\n$/);
    expect(existsSync(out)).toBe(false);
  });
  test.each([
    [[], /^Nothing varies\. Give --vary/],
    [["--vary", "replicas"], /^--vary replicas: This is not path=values\./],
    [["--vary", "pools[0].replicas=1,1"], /^--vary pools\[0\]\.replicas=1,1: The value 1 is there twice\./],
    [["--vary", "pools[0].replicaz=1"], /^--vary pools\[0\]\.replicaz=1: .*Unknown field "replicaz"\. Did you mean "replicas"\?/],
    [[...VARY, "--seeds", "0"], /^--seeds 0: This is not a number of seeds\. Give a whole number from 1 to 1000\./],
    [[...VARY, "--y", "e2e.p95"], /^--y e2e\.p95: There is no such quantity\./],
    [[...VARY, "--reference", "50"], /^--reference 50: This is not a corner\./],
    [[...VARY, "--reference", "50,0"], /^--reference 50,0: This is not a corner\./],
    [[...VARY, "--y", "slo", "--reference", "50,1"], /^--reference 50,1: This is not a corner\./],
  ] as const)("refuses %j", async (args, sentence) => {
    const { status, out, err } = await run(small, ...args);
    expect({ status, out }).toEqual({ status: 2, out: "" });
    expect(err).toMatch(sentence);
    expect(err).toMatch(/^[^\n]+\n$/);
  });
});
