// Runs one scenario and hashes every file it writes. Uses nothing but the language: it runs in shells without a DOM, Node or timers.
import { testModelWithDraws } from "../../src/latency/fit/testing-model.ts";
import { openFitted } from "../../src/latency/fitted-model.ts";
import { openProfile } from "../../src/latency/operator-table-model.ts";
import { testProfile } from "../../src/latency/testing-profile.ts";
import type { Scenario } from "../../src/scenario/types.ts";
import { runFiles } from "../../src/scenario/files.ts";
import { createRun } from "../../src/scenario/run.ts";
import { FITTED, PROFILE } from "./scenarios.ts";
import { TextHash } from "./text-hash.ts";
import { everything } from "../../src/scenario/everything.ts";
import { presetFacts } from "../../src/workload/presets/index.ts";

export interface Outcome {
  /** Hash per file of the run: summary.json, requests.csv, replicas.csv, fleet.csv. */
  readonly files: Readonly<Record<string, string>>;
  readonly requests: number;
  readonly preemptions: number;
}

const profiles = new Map([
  [PROFILE.hash, openProfile(testProfile, PROFILE.file)],
  [FITTED.hash, openFitted(testModelWithDraws, FITTED.file)],
]);

export function runCase(scenario: Scenario, step: boolean): Outcome {
  const run = createRun(scenario, {
    trace: null,
    step,
    workloads: presetFacts,
    ...everything,
    keepRequests: true,
    profiles,
  });
  run.runUntil(Infinity);
  const results = run.results();
  const files: Record<string, string> = {};
  for (const file of runFiles(results)) {
    const hash = new TextHash();
    for (const chunk of file.chunks()) hash.add(chunk);
    files[file.name] = hash.hex();
  }
  return { files, requests: results.summary.requests.total, preemptions: results.summary.fleet.preemptions };
}
