// goodput goodput, compare and cheapest in this process: tables, JSON, refusals.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { command, type Ended } from "./testing.ts";

const folder = mkdtempSync(join(tmpdir(), "goodput-study-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const draft = {
  name: "Small",
  seed: 4,
  traffic: { source: { kind: "synthetic", arrivals: { id: "poisson", params: { rate: 10 } }, lengths: { id: "fixed" } }, maxRequests: 80 },
  sloClasses: [{ name: "standard", ttft: 0.2 }],
  pools: [{ name: "main", replicas: 1 }],
};
const small = join(folder, "small.json");
writeFileSync(small, JSON.stringify(draft));
const other = join(folder, "other.json");
writeFileSync(other, JSON.stringify({ ...draft, name: "Two", pools: [{ name: "main", replicas: 2 }] }));

const run = (...args: readonly string[]): Promise<Ended> => command(...args, "--jobs", "1");

test("goodput: the sentence, the curve, the answer marked; JSON has the same", async () => {
  const table = await run("goodput", small, "--seeds", "3", "--tolerance", "0.02");
  expect([table.status, table.err]).toEqual([0, ""]);
  expect(table.out).toMatch(/^90 % of the requests meet every SLO up to [\d.]+ requests per second, [\d.]+ per GPU; with 95 % confidence/);
  expect(table.out.match(/^\* /gm)).toHaveLength(2);
  const { statement } = JSON.parse((await run("goodput", small, "--seeds", "3", "--tolerance", "0.02", "--json")).out) as {
    statement: string;
  };
  expect(table.out.startsWith(statement)).toBe(true);
}, 60_000);

test("goodput --slo-scale", async () => {
  const { out } = await run("goodput", small, "--seeds", "3", "--tolerance", "0.02", "--slo-scale");
  expect(out).toMatch(/^90 % of the requests meet every SLO with its limits times [\d.]+;/);
}, 60_000);

test("compare: a sentence for each quantity, what counts, how sure", async () => {
  const { status, out, err } = await run("compare", small, other, "--seeds", "4", "--metrics", "cost.hour,ttft.p90");
  expect([status, err]).toEqual([0, ""]);
  expect(out).toMatch(/^Two against Small\n {2}Mean cost per hour: 100 % higher \(/);
  expect(out).toMatch(/Requests from [\d.]+ % to [\d.]+ % of the arrivals count\. Settled \(MSER-5, pilot runs\): Small /);
  expect(out).toMatch(/14 runs\. The 2 intervals hold together with 95\.0 % confidence/);
  expect(out).not.toContain("same traffic");
}, 60_000);

test("compare says when the traffic is not the same, and can make it so", async () => {
  const late = join(folder, "late.json");
  writeFileSync(late, JSON.stringify({ ...draft, traffic: { ...draft.traffic, rateScale: 2 } }));
  const args = [small, late, "--seeds", "2", "--window", "0,1", "--metrics", "ttft.p90"];
  expect((await run("compare", ...args)).out).toContain("do not run on the same traffic");
  const same = (await run("compare", ...args, "--same-traffic")).out;
  expect(same).toMatch(/^Small \(2\) against Small \(1\)\n {2}P90 time to first token: no difference seen, 0 %/);
  expect(same).not.toContain("do not run on the same traffic");
}, 60_000);

test("cheapest: the sentence, and what was tried", async () => {
  const { status, out, err } = await run("cheapest", small, "--gpus", "l4,h100-sxm", "--replicas", "1..4", "--seeds", "3");
  expect([status, err]).toEqual([0, ""]);
  expect(out).toMatch(
    /^The cheapest of 8 fleets at which 90 % of the requests meet every SLO: gpu [a-z0-9-]+, replicas \d, \$[\d.]+ per hour\./,
  );
  expect(out).toMatch(/\n\* +(l4|h100-sxm) /);
}, 60_000);

test.each([
  [
    ["goodput", small, "--share", "90"],
    /^--share 90: This is not a share of the requests\. Give a number between 0 and 1, such as 0\.9\.\n$/,
  ],
  [["goodput", small, "--seeds", "1"], /^--seeds 1: This is not a number of seeds\. Give a whole number from 2 to 1000\.\n$/],
  [["goodput", small, "--window", "1,0"], /^--window 1,0: This is not a part of the requests\./],
  [["goodput", "closed-loop-test"], /^A closed loop has no rate of its own/],
  [["compare", small], /^There is nothing to compare with\. Give two scenarios or more\.\n$/],
  [
    ["compare", small, other, "--metrics", "cots"],
    /^--metrics cots: There is no quantity "cots"\.( Did you mean "cost"\?)? Give some of cost,/,
  ],
  [["cheapest", small, "--gpus", "h100"], /^--gpus h100: Unknown GPU "h100"\./],
  [["cheapest", small, "--pool", "1"], /^--pool 1: This is not a pool of the scenario\. Give a whole number from 0 to 0\.\n$/],
] as const)("refuses %j", async (args, sentence) => {
  const { status, out, err } = await run(...args);
  expect([status, out, err]).toEqual([2, "", expect.stringMatching(sentence)]);
});
