// goodput sweep on several processes, in shards, interrupted and resumed: the same bytes however it was made.
import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { parseScenario } from "../scenario/schema.ts";
import { createSweepRunner } from "../analysis/sweep-host.ts";
import { command as run } from "./testing.ts";
import { openPool } from "./run-pool.ts";

const folder = mkdtempSync(join(tmpdir(), "goodput-many-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string): string => join(folder, name);

const scenario = {
  name: "Small",
  seed: 4,
  traffic: { source: { kind: "synthetic", arrivals: { id: "poisson", params: { rate: 20 } }, lengths: { id: "fixed" } }, maxRequests: 200 },
  pools: [{ name: "main", replicas: 2, pricePerGpuHour: 3 }],
};
const spec = {
  format: "goodput-sweep",
  version: 1,
  scenario,
  axes: [
    { path: "pools[0].replicas", values: [1, 2, 4] },
    {
      name: "scheduler",
      values: [
        { label: "chunked", set: { "pools[0].batching.id": "sarathi", "pools[0].batching.params.chunk": 256 } },
        { label: "prefill first", set: { "pools[0].batching.id": "vllm" } },
      ],
    },
  ],
  seeds: 3,
};
writeFileSync(at("spec.json"), JSON.stringify(spec));

const filesOf = (name: string): Record<string, string> =>
  Object.fromEntries(readdirSync(at(name)).map((file) => [file, readFileSync(join(at(name), file), "utf8")]));

const MAIN = fileURLToPath(new URL("./main.ts", import.meta.url));

/** The command in a process of its own, to interrupt. */
const apart = (...args: readonly string[]): ChildProcess =>
  fork(MAIN, [...args], { execArgv: ["--import", "tsx"], stdio: ["ignore", "ignore", "pipe", "ipc"] });

const rowsIn = (name: string): number =>
  existsSync(at(`${name}/.runs`)) ? readdirSync(at(`${name}/.runs`)).filter((file) => file.endsWith(".json")).length : 0;

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
}

describe("a sweep however it was made", () => {
  test("one, two and four processes write the same bytes", async () => {
    const [one, two, four] = [
      await run("sweep", at("spec.json"), "--jobs", "1", "--out", at("one")),
      await run("sweep", at("spec.json"), "--jobs", "2", "--out", at("two")),
      await run("sweep", at("spec.json"), "--jobs", "4", "--out", at("four")),
    ];
    expect([one.status, one.err, two.out, four.out]).toEqual([0, "", one.out, one.out]);
    expect(Object.keys(filesOf("one")).sort()).toEqual(["replicas.csv", "runs.csv", "settings.csv", "sweep.json"]);
    expect(filesOf("two")).toEqual(filesOf("one"));
    expect(filesOf("four")).toEqual(filesOf("one"));
    expect(filesOf("one")["runs.csv"]!.split("\n")[1]).toMatch(/^1,chunked,4,/);
  }, 60_000);

  test("shards, merged, are the sweep; a missing one is named", async () => {
    for (const part of [1, 2, 3])
      expect((await run("sweep", at("spec.json"), "--jobs", "1", "--shard", `${part}/3`, "--out", at(`shard${part}`))).err).toBe("");
    expect(Object.keys(filesOf("shard2"))).toEqual(["shard-2-of-3.json"]);
    const missing = await run("merge", at("shard1"), at("shard3"), "--out", at("merged"));
    expect([missing.status, missing.err]).toEqual([2, expect.stringMatching(/^6 of 18 runs are in none of the 2 shards \(1\/3, 3\/3\)\./)]);
    expect(existsSync(at("merged"))).toBe(false);
    const merged = await run("merge", at("shard3"), at("shard1"), at("shard2"), "--out", at("merged"));
    expect([merged.status, merged.err]).toEqual([0, ""]);
    expect(filesOf("merged")).toEqual(filesOf("one"));
    writeFileSync(at("other.json"), JSON.stringify({ ...spec, seeds: 2 }));
    await run("sweep", at("other.json"), "--jobs", "1", "--shard", "1/1", "--out", at("stranger"));
    expect((await run("merge", at("shard1"), at("stranger"))).err).toMatch(
      /shard-1-of-1\.json: It is a shard of another sweep than .*shard-1-of-3\.json\./,
    );
  }, 60_000);

  test.each([1, 2])(
    "interrupted with %i jobs: what is done stays, and --resume gives the same bytes",
    async (jobs) => {
      const name = `resumed${jobs}`;
      const long = { ...spec, scenario: { ...scenario, traffic: { ...scenario.traffic, maxRequests: 4000 } } };
      writeFileSync(at("long.json"), JSON.stringify(long));
      const child = apart("sweep", at("long.json"), "--jobs", String(jobs), "--out", at(name));
      let err = "";
      child.stderr!.on("data", (text: Buffer) => (err += text.toString()));
      await until(() => rowsIn(name) >= 3 || child.exitCode !== null);
      child.kill("SIGINT");
      const [status] = (await once(child, "exit")) as [number];
      expect([status, err]).toEqual([
        130,
        expect.stringMatching(/^Stopped: \d+ of 18 runs are done\. They are kept in .*: go on with --resume\.\n$/),
      ]);
      const kept = rowsIn(name);
      expect(kept >= 3 && kept < 18).toBe(true);
      // Without --resume nothing of it is overwritten.
      expect((await run("sweep", at("long.json"), "--out", at(name))).err).toMatch(
        /It holds \d+ runs of a sweep that was stopped\. Go on with --resume/,
      );
      // A row that was cut short is run again.
      const [row = ""] = readdirSync(at(`${name}/.runs`)).filter((file) => file.endsWith(".json"));
      writeFileSync(at(`${name}/.runs/${row}`), readFileSync(at(`${name}/.runs/${row}`), "utf8").slice(0, 100));
      expect((await run("sweep", at("long.json"), "--jobs", "1", "--resume", "--out", at(name))).status).toBe(0);
      if (!existsSync(at("long"))) await run("sweep", at("long.json"), "--jobs", "1", "--out", at("long"));
      expect(filesOf(name)).toEqual(filesOf("long"));
    },
    120_000,
  );

  test("a process that dies in the middle loses no run", async () => {
    const parsed = parseScenario({ ...scenario, traffic: { ...scenario.traffic, maxRequests: 3000 } });
    if (!parsed.ok) throw new Error(parsed.errors[0]);
    const pool = openPool(1 + 1, { trace: null, profiles: [] });
    const scenarios = [1, 2, 3, 4, 5].map((seed) => ({ ...parsed.scenario, seed }));
    const answers = Promise.all(scenarios.map((one) => pool.run(one)));
    const [first] = pool.pids();
    process.kill(first!, "SIGKILL");
    const runner = createSweepRunner();
    const found = await answers;
    pool.close();
    for (const [i, one] of scenarios.entries()) expect(found[i]).toEqual(await runner.run(one));
  }, 60_000);
});

describe("what a sweep's file can say", () => {
  const written = async (more: object, ...args: readonly string[]) => {
    writeFileSync(at("more.json"), JSON.stringify({ ...spec, ...more }));
    return await run("sweep", at("more.json"), "--jobs", "1", ...args);
  };
  test("settings that break a constraint are on no front", async () => {
    const plain = JSON.parse((await written({ seeds: 1 }, "--json")).out) as { front: object[] };
    const few = JSON.parse((await written({ seeds: 1, constraints: [{ metric: "cost.hour", atMost: 7 }] }, "--json")).out) as {
      front: { "pools[0].replicas": string }[];
    };
    expect(few.front.every((values) => Number(values["pools[0].replicas"]) <= 2)).toBe(true);
    expect(plain.front.length).toBeGreaterThan(few.front.length);
  });
  test("quantities that are asked for, and no others, in tables", async () => {
    expect((await written({ seeds: 1, metrics: ["goodput.gpu"] }, "--out", at("few"))).status).toBe(0);
    expect(filesOf("few")["runs.csv"]!.split("\n")[0]).toBe(
      "pools[0].replicas,scheduler,seed,goodput_gpu,requests,completed,refused,failed,makespan,mean_replicas,max_replicas",
    );
  });
  test("drawn settings", async () => {
    const { out, err } = await written(
      {
        axes: [{ path: "traffic.rateScale", from: 0.5, to: 2, scale: "log" }],
        seeds: 1,
        sampling: { kind: "latin-hypercube", settings: 5 },
      },
      "--json",
    );
    expect(err).toBe("");
    const { settings, sampling } = JSON.parse(out) as { settings: { values: Record<string, string> }[]; sampling: object };
    expect(sampling).toEqual({ kind: "latin-hypercube", settings: 5, seed: 1 });
    expect(new Set(settings.map(({ values }) => values["traffic.rateScale"])).size).toBe(5);
  });
  test("a setting that another one beats is stopped early", async () => {
    const { out } = await written({ seeds: 8, earlyStop: { confidence: 0.9, minSeeds: 3 }, x: "cost.hour", y: "e2e.p99" }, "--json");
    const { runs } = JSON.parse(out) as { runs: object[] };
    expect(runs.length).toBeLessThan(48);
    expect(runs.length).toBeGreaterThanOrEqual(24);
  });
  test("--keep-going: a run that cannot be done is noted", async () => {
    const axes = [{ path: "pools[0].gpu", values: ["l4", "h100-sxm"] }];
    const big = { scenario: { ...scenario, model: "llama-3.1-70b", pools: [{ ...scenario.pools[0], tensorParallel: 4 }] }, axes, seeds: 1 };
    expect((await written(big)).status).toBe(2);
    const { status, out, err } = await written(big, "--keep-going", "--json");
    expect([status, err]).toEqual([0, expect.stringMatching(/^pools\[0\]: /)]);
    expect((JSON.parse(out) as { failed: object[] }).failed).toHaveLength(1);
  });
  test.each([
    [["--shard", "3/2", "--out", "x"], /^--shard 3\/2: This is not a part of a sweep/],
    [["--shard", "1/2"], /^--shard: Rows are kept in a folder\. Add --out FOLDER\./],
    [["--jobs", "0"], /^--jobs 0: This is not a number of processes\. Give a whole number from 1 to 256\./],
    [["--sample", "sobol:9"], /^--sample sobol:9: Give grid, random:N or latin-hypercube:N/],
  ] as const)("refuses %j", async (args, sentence) => {
    const { status, err } = await written({}, ...args);
    expect([status, err]).toEqual([2, expect.stringMatching(sentence)]);
  });
  test("a file that says it is a sweep is checked as one", async () => {
    const { status, err } = await written({ axes: [] });
    expect([status, err]).toEqual([2, expect.stringMatching(/more\.json: axes: The list is empty/)]);
    expect((await run("merge", folder)).err).toMatch(/There is no shard of a sweep in it/);
  });
});
