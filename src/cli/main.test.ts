// The command line: answers, refusals and exit status in this process, and the main paths as people run them, in a process of their own.
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { command as goodput, type Ended } from "./testing.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "goodput-cli-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** In a process of its own. */
function spawned(...args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const options = { cwd: root, maxBuffer: 1e8 };
    execFile(process.execPath, ["--import", "tsx", "src/cli/main.ts", ...args], options, (error, out, err) => {
      resolve({ status: error === null ? 0 : Number(error.code), out, err });
    });
  });
}

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** Bad input: status 2, nothing on stdout, one line on stderr. */
async function refusal(...args: readonly string[]): Promise<string> {
  const ended = await goodput(...args);
  expect(ended.out).toBe("");
  expect(ended.err).toMatch(/^[^\n]+\n$/);
  expect(ended.status).toBe(2);
  return ended.err.trimEnd();
}

const SMALL = ["--set", "traffic.maxRequests=50"];
const small = file(
  "small.json",
  JSON.stringify({
    name: "Small",
    traffic: {
      source: { kind: "synthetic", arrivals: { id: "poisson", params: { rate: 10 } }, lengths: { id: "fixed" } },
      maxRequests: 60,
    },
  }),
);

describe("run", () => {
  test("prints a table, and nothing on stderr", async () => {
    const { status, out, err } = await goodput("run", small);
    expect({ status, err }).toEqual({ status: 0, err: "" });
    expect(out).toMatch(/^Scenario +Small\nRequests +60: 60 completed\n/);
    expect(out).toMatch(/time to first token( +[\d.,]+ m?s){6}\n/);
    expect(out).toContain("1 x h100-sxm");
  });

  test("--json prints the summary and the scenario with what --set and --seed say", async () => {
    const { status, out } = await goodput(
      "run",
      small,
      "--set",
      "pools.main.replicas=2",
      "--set",
      "routing=random",
      "--seed",
      "9",
      "--json",
    );
    expect(status).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      requests: { total: 60 },
      scenario: { seed: 9, routing: { id: "random" }, pools: [{ replicas: 2 }] },
    });
  });

  test("stepping gives the same summary as leaping", async () => {
    const leap = await goodput("run", small, "--json");
    const step = await goodput("run", small, "--step", "--json");
    expect(step.out).toBe(leap.out);
  });

  test("--out writes the four files, into a new folder or beside what is there", async () => {
    const fresh = join(folder, "fresh", "out");
    const used = join(folder, "used");
    mkdirSync(used);
    file("used/notes.txt", "mine");
    const first = await goodput("run", small, "--out", fresh, "--json");
    const second = await goodput("run", small, "--out", used);
    expect([first.status, second.status]).toEqual([0, 0]);
    expect(readdirSync(fresh).sort()).toEqual(["fleet.csv", "replicas.csv", "requests.csv", "summary.json"]);
    expect(readFileSync(join(fresh, "summary.json"), "utf8")).toBe(first.out);
    expect(readFileSync(join(fresh, "requests.csv"), "utf8").trimEnd().split("\n").length).toBe(61);
    expect(readdirSync(used).sort()).toEqual(["fleet.csv", "notes.txt", "replicas.csv", "requests.csv", "summary.json"]);
    expect(readdirSync(join(folder, "fresh"))).toEqual(["out"]);
  });

  test("--detail adds files and figures; --perfetto writes a trace, stepping the same as leaping", async () => {
    const out = join(folder, "detail");
    const trace = join(folder, "trace.json");
    const leap = await goodput("run", small, "--out", out, "--detail", "--perfetto", trace, "--window", "1,2", "--json");
    expect({ status: leap.status, err: leap.err }).toEqual({ status: 0, err: "" });
    expect(readdirSync(out).sort()).toEqual(["batches.csv", "fleet.csv", "histograms.csv", "replicas.csv", "requests.csv", "summary.json"]);
    expect(readFileSync(join(out, "summary.json"), "utf8")).toBe(leap.out);
    expect(JSON.parse(leap.out)).toMatchObject({
      perRequest: { prefillTime: { count: 60 } },
      details: { batches: {}, stages: { length: 4 } },
    });
    const text = readFileSync(trace, "utf8");
    expect(JSON.parse(text)).toMatchObject({ otherData: { scenario: "Small", from: "1", to: "2", notes: [] } });
    await goodput("run", small, "--step", "--perfetto", trace, "--window", "1,2");
    expect(readFileSync(trace, "utf8")).toBe(text);
    const runs = await goodput("run", small, "--perfetto", trace, "--window", ",2", "--decodes", "runs");
    expect(runs.status).toBe(0);
    expect(readFileSync(trace, "utf8")).toMatch(/"name":"decode x \d+"/);
  });

  test.each([
    [["--window", "1,2"], /^--window 1,2: It is the window of a trace\. Ask for one with --perfetto FILE\.$/],
    [["--perfetto", join(folder, "x.json"), "--window", "2,1"], /^--window 2,1: Give two times in seconds, the earlier first: from,to\./],
    [["--perfetto", join(folder, "x.json"), "--window", "7"], /^--window 7: Give two times/],
    [["--perfetto", join(folder, "x.json"), "--decodes", "some"], /^--decodes some: Give each/],
    [["--perfetto", folder], /^--perfetto .*: It is a folder\. Give the name of a file\.$/],
    [["--detail"], /^--detail: The details are written to files or printed as JSON\. Add --out FOLDER or --json\.$/],
  ])("refuses %j", async (flags, sentence) => {
    expect(await refusal("run", small, ...flags)).toMatch(sentence);
    expect(existsSync(join(folder, "x.json"))).toBe(false);
  });

  test("takes a preset, and a link of it, with the same result", async () => {
    const link = (await goodput("link", "encode", "memory-pressure")).out.trim();
    const preset = await goodput("run", "memory-pressure", ...SMALL, "--json");
    const linked = await goodput("run", `https://example.org/${link}`, ...SMALL, "--json");
    expect(preset.status).toBe(0);
    expect(linked.out).toBe(preset.out);
  });

  test("refuses what it cannot read, in one sentence", async () => {
    const broken = file("broken.json", '{\n  "name": "x",\n  "seed": 1,,\n}\n');
    const wrong = file("wrong.json", '{"seed": "many", "pools": [{"name": "a", "gpu": "h101-sxm"}]}');
    const needs = file("needs.json", JSON.stringify({ traffic: { source: { kind: "trace", hash: "0".repeat(64), file: "day.csv" } } }));
    const refused = [
      ["run", "chat-burst-crsh"],
      ["run", join(folder, "missing.json")],
      ["run", broken],
      ["run", wrong],
      ["run", needs],
      ["run", "#s=9.abc"],
      ["run", "#s=1.abc"],
      ["run", small, "--set", "pools[0].replcas=3"],
      ["run", small, "--set", "pools[0].batching.params.chunk=0"],
      ["run", small, "--seed", "x"],
      ["run", small, "--set", "model=llama-3.1-405b"],
      ["run", small, "--out", small],
      ["run", small, "--out", "/proc/nowhere/out"],
      ["run"],
      ["rn", small],
      ["run", small, "--jsn"],
    ];
    const expected = [
      /^chat-burst-crsh: There is no such preset or file\. Did you mean "chat-burst-crash"\?/,
      /missing\.json: There is no such file\./,
      /broken\.json, line 3, column 13: This is not JSON: a field name in double quotes is wanted here, not ","/,
      /wrong\.json: seed: "many" is not a number.*pools\[0\]\.gpu: Unknown GPU "h101-sxm"\. Did you mean "h100-sxm"\?/,
      /needs the trace "day\.csv".*--trace FILE/,
      /^link: This link was made by a newer Goodput \(version 9; this one reads up to 1\)/,
      /^link: The link is cut short or damaged/,
      /--set pools\[0\]\.replcas=3: pools\[0\]: Unknown field "replcas"\. Did you mean "replicas"\?/,
      /--set pools\[0\]\.batching\.params\.chunk=0: .*0 is below the limit 16\. Give a whole number of tokens from 16 to 65,536\./,
      /--seed x: seed: "x" is not a number/,
      /^pools\[0\]: Llama 3\.1 405B needs/,
      /--out .*: It is a file\./,
      /--out \/proc\/nowhere\/out: The folder cannot be written to:/,
      /missing required argument 'scenario'/,
      /unknown command 'rn'.*Did you mean run\?/,
      /unknown option '--jsn'.*--json/,
    ];
    for (const [i, args] of refused.entries()) expect(await refusal(...args)).toMatch(expected[i]!);
  });
});

describe("run --trace", () => {
  const rows = Array.from({ length: 30 }, (_, i) => `2023-11-16 18:15:${String(10 + i)}.0000000,${100 + i},${10 + i}`);
  const csv = `TIMESTAMP,ContextTokens,GeneratedTokens\n${rows.join("\n")}\n`;

  test("serves the requests of the file, plain or compressed, at the scales that --set gives", async () => {
    const plain = file("trace.csv", csv);
    const packed = file("trace.csv.gz", gzipSync(csv));
    const flags = ["--set", "traffic.promptScale=2", "--json"];
    const one = await goodput("run", small, "--trace", plain, ...flags);
    const two = await goodput("run", small, "--trace", packed, ...flags);
    expect([one.err, one.status]).toEqual(["", 0]);
    const summary = JSON.parse(one.out) as { requests: unknown; tenants: { inputTokens: number }[]; scenario: { traffic: unknown } };
    expect(summary.requests).toMatchObject({ total: 30, completed: 30 });
    expect(summary.tenants[0]!.inputTokens).toBe(2 * (30 * 100 + 435));
    expect(summary.scenario.traffic).toMatchObject({
      promptScale: 2,
      maxSeconds: null,
      source: { kind: "trace", file: "trace.csv", from: 0 },
    });
    const names = /"file": "trace\.csv(\.gz)?"/;
    expect(two.out.replace(names, "").replace(/"scenarioHash": .*/, "")).toBe(one.out.replace(names, "").replace(/"scenarioHash": .*/, ""));
  });

  test("a window of the trace can be cut with --set", async () => {
    const { out } = await goodput(
      "run",
      small,
      "--trace",
      file("cut.csv", csv),
      "--set",
      "traffic.source.from=10",
      "--set",
      "traffic.source.to=20",
      "--json",
    );
    expect(JSON.parse(out)).toMatchObject({ requests: { total: 10 } });
  });

  test("refuses a file that is no trace", async () => {
    expect(await refusal("run", small, "--trace", join(folder, "none.csv"))).toMatch(/none\.csv: It cannot be read: there is no such file/);
    expect(await refusal("run", small, "--trace", file("prose.csv", "Dear reader,\nthis is no trace.\n"))).toMatch(/prose\.csv/);
    expect(await refusal("trace", "inspect", file("empty.csv", ""))).toMatch(/empty\.csv/);
  });

  test("trace inspect says format, rows and statistics", async () => {
    const path = file("inspect.csv", `${csv}2023-11-16 18:16:00.0000000,-5,7\n`);
    const text = await goodput("trace", "inspect", path);
    const json = await goodput("trace", "inspect", path, "--json");
    expect(text.status).toBe(0);
    expect(text.out).toMatch(/30 accepted, 1 refused/);
    expect(text.out).toMatch(/line 32/);
    expect(JSON.parse(json.out)).toMatchObject({ rowsRead: 31, accepted: 30, refused: 1, statistics: { promptTokens: { sum: 3435 } } });
  });
});

describe("fit", () => {
  const rows = Array.from({ length: 60 }, (_, i) => {
    const chunk = 50 * (1 + (i % 7));
    const past = 10 * (i % 5);
    const decodes = 1 + ((5 * i) % 11);
    const context = 300 + 40 * ((3 * i) % 13);
    const seconds = 0.01 + 3e-5 * (chunk + decodes) + 4e-5 * decodes + 2e-8 * decodes * context + 1e-8 * chunk * (past + chunk / 2);
    return `"[[${chunk},${past}]]","[${Array.from({ length: decodes }, () => context).join(",")}]",${seconds}`;
  });
  const measured = file("measured.csv", `prefills,decode_ctx,time_s\n${rows.join("\n")}\n[],[],0.1\n`);

  test("compares forms, gives the terms of one, and says what was refused", async () => {
    const { status, out, err } = await goodput("fit", measured, "--form", "linear", "--bootstrap", "100");
    expect({ status, err }).toEqual({ status: 0, err: "" });
    expect(out).toMatch(/60 accepted, 1 refused/);
    for (const line of [
      /^ {3}roofline \(experimental\)/m,
      /^ {3}selected/m,
      /^ {3}past/m,
      /^\* {2}linear +6? ?/m,
      /^every iteration +10 ms/m,
      /^per T +30 us/m,
    ])
      expect(out).toMatch(line);
    expect(out).toMatch(/^Out of bag +rows +MAPE +error bar +widest +line\nmixed +60 /m);
    expect(out).toContain("measured.csv:62 there are no tokens in the batch; row refused");
  });

  test("rows go to a file, each with what the resamples without it predict", async () => {
    const path = join(folder, "fit-rows.csv");
    const json = await goodput("fit", measured, "--form", "linear", "--bootstrap", "100", "--rows", path, "--json");
    const [head, ...lines] = readFileSync(path, "utf8").trimEnd().split("\n");
    expect(lines).toHaveLength(60);
    const at = (name: string): number => head!.split(",").indexOf(name);
    for (const line of lines.map((text) => text.split(",")))
      expect(Number(line[at("without_mean_s")]) / Number(line[at("measured_s")])).toBeCloseTo(1, 4);
    const { outOfBag } = JSON.parse(json.out) as { outOfBag: { region: string; rows: number }[] };
    expect(outOfBag).toMatchObject([{ region: "mixed", rows: 60 }]);
    expect(await refusal("fit", measured, "--rows", path)).toMatch(/^--rows .*: It cannot be written: there is a file of that name/);
  });

  test("a model that was written times the batches of a run; stepping gives the bytes of leaping", async () => {
    const path = join(folder, "fitted.json");
    const json = await goodput("fit", measured, "--form", "linear", "--bootstrap", "0", "--out", path, "--json");
    const { model, chosen } = JSON.parse(json.out) as { model: { terms: { term: string; coefficient: number }[] }; chosen: string };
    expect(chosen).toBe("linear");
    expect(model.terms.find(({ term }) => term === "1")!.coefficient).toBeCloseTo(0.01, 8);
    expect(JSON.parse(readFileSync(path, "utf8"))).toEqual(model);
    expect(await refusal("fit", measured, "--out", path)).toMatch(/It cannot be written: there is a file of that name/);
    const inspected = await goodput("profile", "inspect", path);
    expect(inspected.out).toMatch(/A fitted model: form linear, \d terms, .* off held-out rows/);
    const run = await goodput("run", small, "--profile", path, "--json");
    const { scenario } = JSON.parse(run.out) as {
      scenario: { pools: { latency: { id: string; params: { profile: { file: string } } } }[] };
    };
    expect(scenario.pools[0]!.latency).toMatchObject({ id: "fitted", params: { profile: { file: "fitted.json" } } });
    expect((await goodput("run", small, "--profile", path, "--step", "--json")).out).toBe(run.out);
    const naming = file("fitted-scenario.json", JSON.stringify(scenario));
    expect(await refusal("run", naming)).toMatch(
      /^pools\[0\]\.latency: The scenario needs the fitted model "fitted\.json" \(SHA-256 [0-9a-f]{64}\)/,
    );
  });

  test("refusals name the file, the flag and the way out", async () => {
    expect(await refusal("fit", join(folder, "nowhere"))).toMatch(/nowhere: It cannot be read: there is no such file or folder/);
    expect(await refusal("fit", file("other.csv", "a,b\n1,2\n"))).toMatch(/other\.csv: No format of measurements is recognised/);
    expect(await refusal("fit", measured, "--form", "cubic")).toBe(
      "--form cubic: Give one of auto, selected, tokens, past, linear, roofline.",
    );
    expect(await refusal("fit", measured, "--bootstrap", "7")).toBe("--bootstrap 7: Give a whole number from 100 to 2,000.");
    expect(await refusal("fit", measured, "--unit", "h")).toBe("--unit h: Give one of s, ms, us.");
    expect(await refusal("fit", measured, "--map", "time")).toBe("--map time: Give NAME=COLUMN, such as time_ms=latency.");
  });
});

describe("profiles", () => {
  const times = (count: number, ms: string): string => Array.from({ length: count }, () => ms).join(",");
  const ops = "attn_pre_proj,attn_post_proj,mlp_up_proj,mlp_down_proj,mlp_act,attn_rope,input_layernorm,add";
  const tables = join(folder, "tables");
  mkdirSync(tables);
  const decode = "batch_size,kv_cache_size,attn_decode\n1,0,0.01\n1,4096,0.02\n64,0,0.02\n64,4096,0.5\n";
  file("tables/ops.csv", `num_tokens,${ops}\n1,${times(8, "0.01")}\n4096,${times(8, "1")}\n`);
  file("tables/attn_decode.csv", decode);
  file("tables/attn_prefill.csv.gz", gzipSync("chunk,kv0,kv4096\n1,0.01,0.1\n4096,1,4\n"));
  const model = ["--set", "model=llama-3.1-8b"];

  test("inspect says what was read, as text and as JSON, and saves it as one file", async () => {
    const saved = join(folder, "saved.profile");
    const text = await goodput("profile", "inspect", tables, "--out", saved);
    expect({ status: text.status, err: text.err }).toEqual({ status: 0, err: "" });
    expect(text.out).toMatch(/^Profile +tables\nFiles +attn_decode\.csv: table of decode attention, 4 rows\n/);
    const json = await goodput("profile", "inspect", saved, "--json");
    const { hash } = JSON.parse(json.out) as { hash: string };
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(text.out).toContain(hash);
    expect(await refusal("profile", "inspect", tables, "--out", saved)).toMatch(
      /there is a file of that name\. Give the name of a file that is not there yet/,
    );
  });

  test("run takes the times of --profile for every pool, and a scenario that names it finds it again", async () => {
    const first = await goodput("run", small, "--profile", tables, ...model, "--json");
    expect(first.status).toBe(0);
    const { scenario } = JSON.parse(first.out) as {
      scenario: { pools: { latency: { id: string; params: { profile: { file: string } } } }[] };
    };
    expect(scenario.pools[0]!.latency).toMatchObject({ id: "operator-table", params: { profile: { file: "tables" } } });
    const naming = file("naming.json", JSON.stringify(scenario));
    const files = ["ops.csv", "attn_decode.csv", "attn_prefill.csv.gz"].map((name) => join(tables, name));
    const again = await goodput("run", naming, "--profile", ...files, "--json");
    expect(again.out).toBe(first.out);
    const stepped = await goodput("run", naming, "--profile", tables, "--step", "--json");
    expect(stepped.out).toBe(first.out);
    expect(await refusal("run", naming)).toMatch(
      /^pools\[0\]\.latency: The scenario needs the profile "tables" \(SHA-256 [0-9a-f]{64}\)\. Give its files with --profile/,
    );
  });

  test("details and a trace of a run on a profile, with an autoscaler", async () => {
    const out = join(folder, "scaled-detail");
    const trace = join(folder, "scaled-trace.json");
    const scaled = file(
      "scaled.json",
      JSON.stringify({
        model: "llama-3.1-8b",
        traffic: { maxRequests: 40, maxSeconds: null },
        pools: [{ name: "main", replicas: 1, startupSeconds: 1, autoscaling: { id: "schedule", params: { replicas: [[1, 2]] } } }],
      }),
    );
    const asked = ["run", scaled, "--profile", tables, "--out", out, "--detail", "--perfetto", trace, "--json"];
    const { status, out: summary } = await goodput(...asked);
    expect(status).toBe(0);
    const names = ["summary.json", "requests.csv", "replicas.csv", "fleet.csv", "scaling.csv", "batches.csv", "histograms.csv"];
    expect(readdirSync(out).sort()).toEqual(names.sort());
    expect(readFileSync(join(out, "scaling.csv"), "utf8")).toMatch(/^1,[^,]+,1,0,0,0,1,1,/m);
    const { details } = JSON.parse(summary) as { details: { parts: { part: string; share: number }[] } };
    expect(details.parts.map(({ part }) => part)).toContain("attn_decode");
    expect(details.parts.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
    expect(readFileSync(trace, "utf8")).toContain('"name":"+1 replicas"');
  });

  test("what a run asks beyond the profile is told on stderr", async () => {
    const { status, err } = await goodput("run", small, "--profile", tables, ...model, "--json");
    expect(status).toBe(0);
    expect(err).toBe(
      "pools[0]: batchCap 256 allows more than the 64 decoding requests that the profile was measured for: times beyond are extrapolated.\n",
    );
  });

  test("bad files are one line with file, line and value", async () => {
    const bad = file("bad.csv", decode.replace("0.02", "fast"));
    expect(await refusal("profile", "inspect", bad)).toBe(
      'bad.csv, line 3: attn_decode is "fast". Give a time in milliseconds, 0 or more, or leave the field empty.',
    );
    expect(await refusal("run", small, "--profile", join(tables, "ops.csv"))).toMatch(
      /^ops\.csv: The profile still lacks decode attention/,
    );
    expect(await refusal("run", small, "--profile", join(folder, "nowhere"))).toMatch(/It cannot be read: there is no such file or folder/);
    const none = join(folder, "no-tables");
    mkdirSync(none);
    expect(await refusal("profile", "inspect", none)).toMatch(/The folder has no \.csv/);
  });

  test("two profiles need pools that name them", async () => {
    const second = join(folder, "second");
    mkdirSync(second);
    for (const name of ["ops.csv", "attn_prefill.csv.gz"]) writeFileSync(join(second, name), readFileSync(join(tables, name)));
    file("second/attn_decode.csv", decode.replace("0.5", "0.6"));
    const hashOf = async (path: string): Promise<string> =>
      (JSON.parse((await goodput("profile", "inspect", path, "--json")).out) as { hash: string }).hash;
    const pool = async (name: string, path: string) => ({
      name,
      replicas: 1,
      latency: { id: "operator-table", params: { profile: { hash: await hashOf(path), file: name } } },
    });
    const pools = [await pool("a", tables), await pool("b", second)];
    const both = file("both.json", JSON.stringify({ pools, traffic: { maxRequests: 20 } }));
    expect((await goodput("run", both, "--profile", second, tables, "--json")).status).toBe(0);
    expect(await refusal("run", both, "--profile", tables)).toMatch(/^pools\[1\]\.latency: The scenario needs the profile "b"/);
    expect(await refusal("run", small, "--profile", tables, second)).toMatch(
      /^--profile: 2 profiles were given, and no pool of the scenario names tables/,
    );
  });
});

describe("list, schema, link", () => {
  const kinds = [
    "routing",
    "batching",
    "ordering",
    "admission",
    "autoscaling",
    "latency",
    "kv-plans",
    "gpus",
    "models",
    "workloads",
    "arrivals",
    "lengths",
    "trace-formats",
    "presets",
  ];

  test("list names every kind, and every entry of a kind", async () => {
    const all = await goodput("list", "--json");
    const ids = JSON.parse(all.out) as Record<string, string[]>;
    expect(Object.keys(ids)).toEqual(kinds);
    for (const kind of kinds) {
      const { out } = await goodput("list", kind);
      expect(ids[kind]!.length).toBeGreaterThan(0);
      for (const id of ids[kind]!) expect(out).toContain(id);
    }
  });

  test("list gives parameters with default, range and unit", async () => {
    const { out } = await goodput("list", "batching");
    expect(out).toMatch(/^ {4}chunk +2048 +16 to 65,536 tok +Token budget/m);
    const json = JSON.parse((await goodput("list", "batching", "--json")).out) as {
      id: string;
      params: { id: string; default: unknown }[];
    }[];
    expect(json[0]!.params[0]).toMatchObject({ id: "chunk", default: 2048, unit: "tok" });
    expect(await refusal("list", "routers")).toMatch(/^list routers: There is no such list\./);
  });

  test("schema prints a JSON Schema", async () => {
    expect(JSON.parse((await goodput("schema")).out)).toMatchObject({ type: "object", properties: { pools: { type: "array" } } });
  });

  test("calibrate finds parameters for --set, writes the scenario, and says what it cannot use", async () => {
    const runs = file("runs.csv", "rate,isl,osl,requests,tpot_ms\n1,100,20,10,20\n2,100,20,10,21\n0,100,20,10,21\n");
    const out = join(folder, "calibrated.json");
    const { status, out: text, err } = await goodput("calibrate", runs, "--scenario", small, "--out", out);
    expect(status).toBe(0);
    expect(err).toMatch(/runs\.csv, line 4: rate "0": give a number above 0; run refused\n/);
    const assignments = [...text.matchAll(/^ {2}(pools\[0\]\.latency\.params\.\w+=\S+)$/gm)].map((match) => match[1]!);
    expect(assignments.some((one) => one.includes("iterationOverhead"))).toBe(true);
    const set = assignments.flatMap((one) => ["--set", one]);
    expect((await goodput("run", out)).out).toBe((await goodput("run", small, ...set)).out);
    expect(await refusal("calibrate", runs)).toMatch(/^--scenario: The runs need a scenario/);
    expect(await refusal("calibrate", file("none.csv", "a,b\n1,2\n"), "--scenario", small)).toMatch(/none\.csv: There is no measured mean/);
  });

  test("link decode gives back what link encode was given", async () => {
    const link = (await goodput("link", "encode", small)).out.trim();
    expect(link).toMatch(/^#s=1\.[\w-]+$/);
    const again = file("again.json", (await goodput("link", "decode", link)).out);
    expect((await goodput("link", "encode", again)).out.trim()).toBe(link);
    expect(await refusal("link", "decode", "nonsense")).toMatch(/^link: The link holds no scenario/);
  });

  test("--help is on stdout and names the verbs", async () => {
    const { status, out } = await goodput("--help");
    expect(status).toBe(0);
    for (const verb of ["run", "list", "schema", "trace", "calibrate", "link"]) expect(out).toMatch(new RegExp(`^  ${verb}`, "m"));
  });

  test("no temporary folder is left behind", () => {
    expect(readdirSync(folder).filter((name) => name.startsWith("."))).toEqual([]);
    expect(existsSync(small)).toBe(true);
  });
});

describe("as a process", () => {
  test("answers on stdout with status 0, also when the reader closes early", async () => {
    expect(await spawned("run", small)).toEqual({ ...(await goodput("run", small)), status: 0 });
    const { out } = await spawned("--help");
    expect(out).toMatch(/^Usage: goodput/);
  });

  test("bad input is status 2 with one line on stderr", async () => {
    const ended = await spawned("run", "chat-burst-crsh");
    expect(ended).toMatchObject({ status: 2, out: "" });
    expect(ended.err).toMatch(/^chat-burst-crsh: There is no such preset or file\..*\n$/);
  });
});
