// goodput run --draws, and links that carry a model.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { modelText } from "../latency/fit/model-file.ts";
import { testModelWithDraws } from "../latency/fit/testing-model.ts";
import { command as told } from "./testing.ts";

const folder = mkdtempSync(join(tmpdir(), "goodput-draws-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const model = join(folder, "model.json");
writeFileSync(model, modelText(testModelWithDraws));

const short = ["--set", "traffic.maxRequests=80"] as const;

interface Told {
  readonly tpot: { readonly p50: number };
  readonly draws?: { readonly count: number; readonly intervals: Record<string, { low: number; median: number; high: number }> };
}

test("draws bring intervals into the summary, around the run itself, the same every time; without them the summary is as it was", async () => {
  const words = ["run", "code-completion", "--profile", model, ...short] as const;
  const first = await told(...words, "--draws", "2", "--json");
  expect(first.status).toBe(0);
  const summary = JSON.parse(first.out) as Told;
  expect(summary.draws!.count).toBe(2);
  const { low, median, high } = summary.draws!.intervals["tpot.p50"]!;
  expect(low).toBeLessThan(median);
  expect(median).toBeLessThan(high);
  expect(low).toBeLessThan(summary.tpot.p50);
  expect(high).toBeGreaterThan(summary.tpot.p50);
  expect((await told(...words, "--draws", "2", "--json")).out).toBe(first.out);
  const { draws: _draws, ...rest } = summary;
  expect(JSON.parse((await told(...words, "--json")).out)).toEqual(rest);
  expect((await told(...words, "--draws", "2")).out).toMatch(/Requests completed per second +[\d.]+ req\/s/);
  expect((await told(...words, "--draws", "2")).out).toMatch(/2 draws of the fitted model +2\.5 % +median +97\.5 %/);
});

test("draws that cannot be are refused with what would do", async () => {
  expect((await told("run", "code-completion", ...short, "--draws", "5")).err).toMatch(
    /^--draws 5: No pool of the scenario runs on a fitted model\./,
  );
  expect((await told("run", "code-completion", "--profile", model, "--draws", "1")).err).toMatch(
    /^--draws 1: Give a whole number from 2 to 400\./,
  );
  const more = await told("run", "code-completion", "--profile", model, ...short, "--draws", "3");
  expect(more.err).toContain('The fitted model "model.json" has 2 draws, so that there is no draw 3: give at most 2.');
  expect([more.status, more.out]).toEqual([2, ""]);
});

test("a link with a model runs without its file, to the same bytes; its draws need the file", async () => {
  const link = (await told("link", "encode", "code-completion", "--profile", model)).out.trim();
  expect(link).toContain("&m=");
  expect(link.length).toBeLessThan(2000);
  const linked = await told("run", link, ...short, "--json");
  expect(linked.out).toBe((await told("run", "code-completion", "--profile", model, ...short, "--json")).out);
  expect((await told("run", link, ...short, "--draws", "2")).err).toContain("came without its draws");
  expect((await told("run", link, "--profile", model, ...short, "--draws", "2")).status).toBe(0);
});
