// What the replay worker answers: the files, details and trace that the command line writes of the same run, also of one that stands half way.
import { expect, test } from "vitest";
import { complete } from "./complete.ts";
import { createDetailedRun } from "./detailed-run.ts";
import { runFiles } from "./files.ts";
import { MAX_EVENTS } from "./perfetto.ts";
import { replayHost } from "./replay.ts";
import { createRun } from "./run.ts";

const scenario = complete({
  name: "Small",
  traffic: { source: { kind: "synthetic", arrivals: { id: "poisson", params: { rate: 6 } }, lengths: { id: "fixed" } }, maxSeconds: 20 },
  pools: [{ name: "main", replicas: 2 }],
});
const options = { trace: null, step: false, workloads: [], keepRequests: true } as const;
const silent = (): void => undefined;
const textsOf = async (files: Readonly<Record<string, Blob>>): Promise<Record<string, string>> =>
  Object.fromEntries(await Promise.all(Object.entries(files).map(async ([name, blob]) => [name, await blob.text()])));

test("the files of a finished run are those of the command line, and progress goes up to the end", async () => {
  const run = createRun(scenario, options);
  run.runUntil(Infinity);
  const expected = Object.fromEntries(runFiles(run.results()).map((file) => [file.name, [...file.chunks()].join("")]));
  const { events, now } = run.simulation;
  const files = await replayHost.files(scenario, null, { simTime: now, events, over: true }, silent);
  expect(await textsOf(files)).toEqual(expected);
});

test("a run that stands half way, even between two events of one moment, gives its files as they are then", async () => {
  for (const [limit, most] of [
    [10, Infinity],
    [Infinity, 317],
    [10.5, 400],
  ] as const) {
    const run = createRun(scenario, options);
    run.runUntil(limit, most);
    const { events, now } = run.simulation;
    const files = await textsOf(await replayHost.files(scenario, null, { simTime: now, events, over: false }, silent));
    const summary = JSON.parse(files["summary.json"]!) as { makespan: number; requests: unknown };
    expect(summary).toMatchObject({ makespan: now, requests: JSON.parse(JSON.stringify(run.summary(true).requests)) });
    expect(files["requests.csv"]!.trim().split("\n").length - 1).toBe(run.endedCount);
  }
});

test("details and trace are those of the command line", async () => {
  const batchTrace = { from: 3, to: 5, decodes: "auto", maxEvents: MAX_EVENTS } as const;
  const whole = createDetailedRun(scenario, { ...options, detail: true, batchTrace });
  whole.run.runUntil(Infinity);
  const { details } = whole.results();
  const { events, now } = whole.run.simulation;
  const detail = await replayHost.detail(scenario, null, { simTime: now, events, over: true }, silent);
  expect(detail.detail).toEqual(details!.detail);
  expect(detail.counts).toEqual(details!.counts);
  const shares: number[] = [];
  const { file, notes } = await replayHost.perfetto(
    scenario,
    null,
    { window: [3, 5], decodes: "auto" },
    (share) => void shares.push(share),
  );
  for (const [i, share] of shares.entries()) expect(share >= (shares[i - 1] ?? 0) && share <= 1).toBe(true);
  expect(await file.text()).toBe([...whole.perfetto().chunks()].join(""));
  expect(notes).toEqual([]);
});
