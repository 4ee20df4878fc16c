// Runs once more what the page has run, for questions that the live run does not keep the answers to: its files, details, a trace of batches.
// Deterministic, so that the second run is the first. This is what the replay worker does; it knows no DOM and no messages.
import type { DecodeSlices } from "../engine/metrics/batch-trace.ts";
import type { BatchCounts, RunDetail } from "../engine/metrics/detail-results.ts";
import { requestMetrics } from "../engine/metrics/request-metrics.ts";
import type { RequestMetrics } from "../engine/metrics/request-metrics.ts";
import type { PoolResult } from "../engine/metrics/results.ts";
import type { Trace } from "../workload/types.ts";
import { withDraw, type DrawnRun } from "./draws.ts";
import { createDetailedRun } from "./detailed-run.ts";
import type { DetailedRun } from "./detailed-run.ts";
import { runFiles } from "./files.ts";
import { needsOf } from "./needs.ts";
import { MAX_EVENTS } from "./perfetto.ts";
import type { NamedProfile } from "./profiles.ts";
import { createRun } from "./run.ts";
import type { Run } from "./run.ts";
import type { RunPosition } from "./session-types.ts";
import type { Scenario } from "./types.ts";

/** Told how much of the way is done, 0 to 1. */
export type ReplayProgress = (share: number) => void;

export interface ReplayDetail {
  readonly simTime: number;
  readonly detail: RunDetail;
  readonly counts: BatchCounts;
  readonly perRequest: RequestMetrics;
  readonly pools: readonly PoolResult[];
}

/** The files that the scenario names by their hash. */
export interface ReplayFiles {
  readonly trace: Trace | null;
  readonly profiles: readonly NamedProfile[];
}

export interface ReplayHost {
  /** The files of the run as far as it was: name -> content, as the command line writes them. */
  files(scenario: Scenario, given: ReplayFiles, at: RunPosition, onProgress: ReplayProgress): Promise<Readonly<Record<string, Blob>>>;
  /** Batches, stages and parts of the time up to there. */
  detail(scenario: Scenario, given: ReplayFiles, at: RunPosition, onProgress: ReplayProgress): Promise<ReplayDetail>;
  /** The trace of batches in a window [from, to), seconds; the notes say what it leaves out, a sentence each. */
  perfetto(
    scenario: Scenario,
    given: ReplayFiles,
    asked: { readonly window: readonly [number, number]; readonly decodes: DecodeSlices },
    onProgress: ReplayProgress,
  ): Promise<{ readonly file: Blob; readonly notes: readonly string[] }>;
  /** The whole run with a draw of the fitted models; 0: with their own coefficients. */
  draw(scenario: Scenario, given: ReplayFiles, draw: number, onProgress: ReplayProgress): Promise<DrawnRun>;
}

/** Events between two reports of progress. */
const SLICE = 20_000;

async function optionsFor(scenario: Scenario, { trace, profiles }: ReplayFiles) {
  const named = new Map(profiles.map((profile) => [profile.hash, profile]));
  return { ...(await needsOf(scenario, trace, named, new Map())), step: false };
}

/** Brings a run to where another one of the same scenario stands; one that is over must then be ended. */
function bringTo(run: Run, at: RunPosition, onProgress: ReplayProgress): void {
  const { simulation } = run;
  while (simulation.events < at.events && !run.runUntil(at.simTime, Math.min(SLICE, at.events - simulation.events)))
    onProgress(simulation.events / at.events);
  // The clock goes on after the last event.
  if (simulation.now < at.simTime) run.runUntil(at.simTime, 1);
}

function runTraced(it: DetailedRun, to: number, onProgress: ReplayProgress): void {
  const { simulation, config } = it.run;
  const end = Math.min(to, config.source.duration || Infinity);
  while (!it.traced && !it.run.runUntil(Infinity, SLICE))
    onProgress(Math.min(1, end < Infinity ? simulation.now / end : simulation.ended / simulation.expected || 0));
}

const blobOf = (chunks: Iterable<string>, type: string): Blob => new Blob([...chunks], { type });

export const replayHost: ReplayHost = {
  async files(scenario, given, at, onProgress) {
    const run = createRun(scenario, { ...(await optionsFor(scenario, given)), keepRequests: true });
    bringTo(run, at, onProgress);
    if (at.over) run.simulation.finish();
    // Not results(): that would end a run that goes on.
    const tenants = run.config.tenants.map((tenant) => tenant.name);
    const decisions = run.scales ? run.decisions() : null;
    const files = runFiles({
      scenario,
      summary: run.summary(true),
      fleet: run.fleet(),
      requests: run.requests(),
      tenants,
      decisions,
      routing: run.routing(),
    });
    return Object.fromEntries(
      files.map(({ name, chunks }) => [name, blobOf(chunks(), name.endsWith(".json") ? "application/json" : "text/csv")]),
    );
  },
  async detail(scenario, given, at, onProgress) {
    const options = await optionsFor(scenario, given);
    const it = createDetailedRun(scenario, { ...options, keepRequests: true, detail: true, batchTrace: null });
    bringTo(it.run, at, onProgress);
    if (at.over) it.end();
    const { detail, counts } = it.details()!;
    return {
      simTime: it.run.simulation.now,
      detail,
      counts,
      perRequest: requestMetrics(it.run.requests()),
      pools: it.run.summary(false).pools,
    };
  },
  async perfetto(scenario, given, { window: [from, to], decodes }, onProgress) {
    const options = await optionsFor(scenario, given);
    const batchTrace = { from, to, decodes, maxEvents: MAX_EVENTS };
    const it = createDetailedRun(scenario, { ...options, keepRequests: false, detail: false, batchTrace });
    runTraced(it, to, onProgress);
    const { chunks, notes } = it.perfetto();
    return { file: blobOf(chunks(), "application/json"), notes };
  },
  async draw(scenario, given, draw, onProgress) {
    const drawn = withDraw(scenario, draw);
    const run = createRun(drawn, { ...(await optionsFor(drawn, given)), keepRequests: true });
    const { simulation } = run;
    while (!run.runUntil(Infinity, SLICE)) onProgress(simulation.ended / simulation.expected || 0);
    simulation.finish();
    const { bucketSeconds, length, ttftP90, tpotP90 } = run.series();
    const { sampleSeconds, length: samples, heldAtRouter, replicas } = run.fleet();
    const values = Float64Array.from(heldAtRouter.subarray(0, samples));
    for (const { from, waiting } of replicas) waiting.forEach((count, i) => (values[from + i]! += count));
    return { summary: run.summary(true), series: { bucketSeconds, length, ttftP90, tpotP90 }, waiting: { sampleSeconds, values } };
  },
};
