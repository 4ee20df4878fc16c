// What the replay worker answers: the files, details and trace that the command line writes of the same run, also of one that stands half way.
import { expect, test } from "vitest";
import { testProfile } from "../latency/testing-profile.ts";
import { everything } from "./everything.ts";
import { complete } from "./complete.ts";
import { createDetailedRun } from "./detailed-run.ts";
import { runFiles } from "./files.ts";
import { MAX_EVENTS } from "./perfetto.ts";
import { withProfile } from "./profile-refs.ts";
import { openProfiles } from "./profiles.ts";
import { replayHost } from "./replay.ts";
import { createRun } from "./run.ts";

const scenario = complete({
  name: "Small",
  traffic: { source: { kind: "synthetic", arrivals: { id: "poisson", params: { rate: 6 } }, lengths: { id: "fixed" } }, maxSeconds: 20 },
  pools: [{ name: "main", replicas: 2 }],
});
const options = { trace: null, step: false, workloads: [], keepRequests: true } as const;
const NONE = { trace: null, profiles: [] };
const silent = (): void => undefined;
const textsOf = async (files: Readonly<Record<string, Blob>>): Promise<Record<string, string>> =>
  Object.fromEntries(await Promise.all(Object.entries(files).map(async ([name, blob]) => [name, await blob.text()])));

test("the files of a finished run are those of the command line, and progress goes up to the end", async () => {
  const run = createRun(scenario, options);
  run.runUntil(Infinity);
  const expected = Object.fromEntries(runFiles(run.results()).map((file) => [file.name, [...file.chunks()].join("")]));
  const { events, now } = run.simulation;
  const files = await replayHost.files(scenario, NONE, { simTime: now, events, over: true }, silent);
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
    const files = await textsOf(await replayHost.files(scenario, NONE, { simTime: now, events, over: false }, silent));
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
  const detail = await replayHost.detail(scenario, NONE, { simTime: now, events, over: true }, silent);
  expect(detail.detail).toEqual(details!.detail);
  expect(detail.counts).toEqual(details!.counts);
  const shares: number[] = [];
  const { file, notes } = await replayHost.perfetto(
    scenario,
    NONE,
    { window: [3, 5], decodes: "auto" },
    (share) => void shares.push(share),
  );
  for (const [i, share] of shares.entries()) expect(share >= (shares[i - 1] ?? 0) && share <= 1).toBe(true);
  expect(await file.text()).toBe([...whole.perfetto().chunks()].join(""));
  expect(notes).toEqual([]);
});

test("profiles and autoscalers that the scenario names come along: files, details and trace are those of the command line", async () => {
  const ref = { hash: "a".repeat(64), file: "measured" };
  const replicas = [
    [4, 3],
    [12, 1],
  ];
  const scaled = withProfile(
    complete({
      name: "Scaled",
      model: "llama-3.1-8b",
      traffic: scenario.traffic,
      pools: [{ name: "main", replicas: 1, startupSeconds: 2, autoscaling: { id: "schedule", params: { replicas } } }],
    }),
    ref,
  );
  const named = { ...ref, profile: testProfile };
  const given = { trace: null, profiles: [named] };
  const batchTrace = { from: 0, to: Infinity, decodes: "auto", maxEvents: MAX_EVENTS } as const;
  const profiles = openProfiles([named]);
  const whole = createDetailedRun(scaled, {
    ...options,
    profiles,
    ...everything,
    detail: true,
    batchTrace,
  });
  whole.run.runUntil(Infinity);
  const { details, ...bare } = whole.results();
  const at = { simTime: whole.run.simulation.now, events: whole.run.simulation.events, over: true };
  const files = await textsOf(await replayHost.files(scaled, given, at, silent));
  expect(files).toEqual(Object.fromEntries(runFiles(bare).map((file) => [file.name, [...file.chunks()].join("")])));
  expect(files["scaling.csv"]!.trim().split("\n")).toHaveLength(3);
  const detail = await replayHost.detail(scaled, given, at, silent);
  expect(detail.detail).toEqual(details!.detail);
  // The operators' seconds are those of the batches.
  const { batches } = details!;
  const execution = batches.executionTime.reduce((sum, seconds, row) => sum + (batches.lost[row] === 1 ? 0 : seconds), 0);
  const parts = details!.detail.parts.reduce((sum, { seconds }) => sum + seconds, 0);
  expect(parts / execution).toBeCloseTo(1, 9);
  const { file } = await replayHost.perfetto(scaled, given, { window: [0, Infinity], decodes: "auto" }, silent);
  const text = await file.text();
  expect(text).toBe([...whole.perfetto().chunks()].join(""));
  const { traceEvents } = JSON.parse(text) as { traceEvents: { ph: string; pid: number; ts: number; name: string; args: object }[] };
  const { pid } = traceEvents.find(({ args }) => (args as { name?: string }).name === "Autoscaler of main")!;
  expect(traceEvents.filter((event) => event.ph === "i" && event.pid === pid)).toEqual([
    {
      ph: "i",
      s: "p",
      pid,
      ts: 4_000_000,
      name: "+2 replicas",
      args: {
        answered: 2,
        ordered: 2,
        ready: 1,
        starting: 0,
        draining: 0,
        leaving: 0,
        because: { "replicas in the timetable": 3 },
      },
    },
    {
      ph: "i",
      s: "p",
      pid,
      ts: 12_000_000,
      name: "-2 replicas",
      args: {
        answered: -2,
        ordered: -2,
        ready: 3,
        starting: 0,
        draining: 0,
        leaving: 0,
        because: { "replicas in the timetable": 1 },
      },
    },
  ]);
});
