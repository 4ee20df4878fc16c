// Suite measured: runs of real engines on real GPUs, simulated from specifications. Layout of the folder: one folder per set, each with its README.
import { existsSync } from "node:fs";
import { join } from "node:path";
import {
  calibratedToBatches,
  calibratedToHalf,
  calibratedToStages,
  fittedToProfile,
  profileOf,
  replayCalibrated,
  splitByWorkload,
} from "./measured-calibrated.ts";
import type { Calibrated } from "./measured-calibrated.ts";
import { replayPoints } from "./measured-closed.ts";
import type { ClosedRun } from "./measured-closed.ts";
import { batchesOf, replayBatch, replayPairs, replaySweep } from "./measured-offline.ts";
import { benchesOf, replayRun, stagesOf } from "./measured-online.ts";
import type { OnlineRun, Stage } from "./measured-online.ts";
import { rowsOf } from "./measured-rows.ts";
import { FRONT_END_S } from "./measured-run.ts";
import { noteRuns, summary } from "./measured-score.ts";
import type { Limits, RunErrors } from "./measured-score.ts";
import { Book, filesOf } from "./measured-book.ts";
import type { SetFacts } from "./measured-book.ts";
import type { ValidationFigures } from "../src/analysis/validation.ts";
import recordedFigures from "../src/web/views/validation/figures.json" with { type: "json" };
import { attempt } from "./suite.ts";
import type { Note, Report, Suite } from "./suite.ts";

/** What is known of the runs that are furthest off. */
const WHY = {
  h100: "Run 22 is 15 % slower in its second stage than the same traffic with three other chunk sizes, which nothing recorded explains. In the first stages of Mixtral single requests waited for up to seconds: the mean TTFT has them, the simulator has no such pauses.",
  closed:
    "TTFT is too short with TensorRT-LLM on Llama-3.1-8B, at few clients as if the engine ran one request fewer than there are clients, at many because tokens pass one by one through a worker in Python; the latter with SGLang and hundreds of clients too. Llama-3.1-8B in fp8 on H200 with vLLM is faster as recorded than its matrix products can be: prompts hit a cache, or several replicas served. Experts in fp8 (Qwen3-235B, DeepSeek) are slower than computed.",
  offline:
    "Mixtral with TensorRT-LLM is faster as recorded than all of its experts can be read: its requests reach few of them. vLLM before its version 1 spends milliseconds of host time per iteration.",
} as const;

const recorded = recordedFigures as unknown as ValidationFigures;

/** Where the data were copied from. */
const SOURCES: Readonly<Record<string, string>> = {
  "aiconfigurator-silicon": "ai-dynamo/aiconfigurator@095f58a, silicon_sample.csv",
  "argonne-llm-inference-bench": "argonne-lcf/LLM-Inference-Bench@4211f5d",
  "blis-vllm-runs": "inference-sim/training@ed5c1d2; inference-sim/sim-to-real-accuracy-validation@8fb2a1b, @dcec3fd",
  "lens-static-batches": "swjeong9/LLMServingSim@cc591e8",
  "llmservingsim-bench": "casys-kaist/LLMServingSim@5daddb2",
};

/** Acceptance, on H100, from specifications alone. */
const H100: Limits = { most: { E2E: 0.1, TTFT: 0.15, TPOT: 0.1 } };

/** Other GPUs: what was found, with a little room, and what it comes from. */
const STATED: Readonly<Record<string, Limits>> = {
  "a100-80-sxm": {
    most: { E2E: 0.1, TTFT: 0.15, TPOT: 0.1 },
    cause: "as on H100: Ampere's efficiencies come from kernel tables, too",
  },
  "rtx-pro-6000": {
    most: { E2E: 0.15, TTFT: 0.2, TPOT: 0.15 },
    cause:
      "two GPUs without NVLink pass their all-reduce through the host, the model takes it as fast as the link; whether prompts hit a prefix cache, and how many blocks there were, is not recorded",
  },
};
const ELSEWHERE: Limits = {
  most: { E2E: 0.3, TTFT: 0.5, TPOT: 0.3 },
  cause: "a GPU on which nothing was compared before: the specification with the efficiencies of another",
};

/** Fixed concurrency, acceptance. */
const CLOSED_TPOT: Limits = { most: { TPOT: 0.15 } };
const CLOSED_TTFT: Limits = { most: { TTFT: 0.25 } };

/** Calibrated, acceptance. */
const CALIBRATED: Limits = { most: { E2E: 0.03, TTFT: 0.08, TPOT: 0.03 } };

const OFFLINE_2024: Readonly<Record<string, Limits>> = {
  "TensorRT-LLM": {
    most: { E2E: 0.2 },
    cause: "engines of 2024, settings not recorded; the requests of Mixtral reach fewer experts than even routing has them read",
  },
  vLLM: {
    most: { E2E: 0.4 },
    cause:
      "host time of vLLM before its version 1 is milliseconds per iteration, the model has the 0.5 ms of vLLM 0.19; versions and settings not recorded",
  },
};

const PAIRS_2024: Limits = { most: { E2E: 0.4, TTFT: 0.4 }, cause: "as for the sweep of the same engines" };

function groups<T>(items: readonly T[], key: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const map = new Map<string, T[]>();
  for (const item of items) map.set(key(item), [...(map.get(key(item)) ?? []), item]);
  return map;
}

/** Counts the runs that were left out by reason, and says so at the end of a set. */
function leftOut({ note, leftOut: kept }: Book): {
  readonly skipped: (run: string, why: string) => void;
  readonly tell: (set: string) => void;
} {
  const runs = new Map<string, string[]>();
  return {
    skipped: (run, why) => void runs.set(why, [...(runs.get(why) ?? []), run]),
    tell: (set) => {
      for (const [why, names] of runs) {
        kept.push({ dataset: set, runs: names.length, why });
        note(`${set} not run: ${names.length} runs (${names[0]}${names.length > 1 ? ", ..." : ""}): ${why}`);
      }
      runs.clear();
    },
  };
}

/** Figures by which stages of two files are known to be the same run. */
const sameRun = (row: Readonly<Record<string, string>>): string => `${row["e2e_mean_ms"]} ${row["ttft_mean_ms"]}`;

function checkOnline(folder: string, book: Book): void {
  const { note } = book;
  const { skipped, tell } = leftOut(book);
  const blis = join(folder, "blis-vllm-runs");
  const training = rowsOf(join(blis, "training_stages.csv"));
  const known = new Set(training.map(sameRun));
  const validation = rowsOf(join(blis, "validation_stages.csv")).filter((row) => !known.has(sameRun(row)));
  const again = (stages: readonly Stage[], frontEndS = FRONT_END_S): readonly OnlineRun[] =>
    stages.map((stage) => replayRun(stage, frontEndS));

  const source = again(stagesOf(training, true, skipped));
  for (const [gpu, runs] of groups(source, (run) => run.gpu)) {
    const { most, cause } = gpu === "h100-sxm" ? H100 : (STATED[gpu] ?? ELSEWHERE);
    const { TTFT: _source, ...judged } = most;
    const limits = { most: judged, ...(cause === undefined ? {} : { cause }) };
    book.judge(`blis-vllm-runs/training, specifications only, ${gpu}`, runs, limits, {
      kind: "online",
      dataset: "blis-vllm-runs",
      about: `vLLM 0.15 at constant rates, ${gpu}, training set`,
      fitted: "7 ms outside the engine come from these runs: their TTFT is not judged",
    });
  }
  tell("blis-vllm-runs/training");

  const stages = stagesOf(validation, true, skipped);
  const scored = again(stages);
  for (const [gpu, runs] of groups(scored, (run) => run.gpu)) {
    book.judge(`blis-vllm-runs/validation, specifications only, ${gpu}`, runs, gpu === "h100-sxm" ? H100 : (STATED[gpu] ?? ELSEWHERE), {
      kind: "online",
      dataset: "blis-vllm-runs",
      about: `vLLM 0.15 at constant rates, ${gpu}`,
      ...(gpu === "h100-sxm" ? { why: WHY.h100 } : {}),
    });
    noteRuns("blis-vllm-runs/validation", runs, 8, note);
  }
  tell("blis-vllm-runs/validation");
  if (scored.length > 0) {
    const quiet = (): void => undefined;
    const also = (title: string, runs: readonly OnlineRun[]): void => note(`blis-vllm-runs/validation ${title}: ${summary(runs)}`);
    also("without the time of client, HTTP and tokeniser", again(stages, 0));
    also("without a prefix cache (whether it was on is not recorded; by default it is)", again(stagesOf(validation, false, quiet)));
  }

  const benches = benchesOf(join(folder, "llmservingsim-bench"), skipped).map((bench) => replayRun(bench, 0));
  for (const [gpu, runs] of groups(benches, (run) => run.gpu)) {
    book.judge(`llmservingsim-bench, specifications only, ${gpu}`, runs, gpu === "h100-sxm" ? H100 : (STATED[gpu] ?? ELSEWHERE), {
      kind: "online",
      dataset: "llmservingsim-bench",
      about: `vLLM 0.19, ShareGPT, ${gpu}`,
    });
    noteRuns("llmservingsim-bench", runs, 8, note);
  }
  tell("llmservingsim-bench");
}

function checkClosed(folder: string, book: Book): void {
  const { note } = book;
  const { skipped, tell } = leftOut(book);
  const set = "aiconfigurator-silicon";
  const runs = replayPoints(rowsOf(join(folder, set, "static_points_agg.csv")), skipped);
  if (runs.length > 0) {
    const facts: SetFacts = { kind: "closed", dataset: set, about: "vLLM, TensorRT-LLM and SGLang; H100, H200 and B200", why: WHY.closed };
    book.judge(`${set}, fixed concurrency, TPOT`, runs, CLOSED_TPOT, facts);
    book.judge(`${set}, fixed concurrency, TTFT`, runs, CLOSED_TTFT, facts);
  }
  for (const key of [(run) => run.gpu, (run) => `${run.gpu} ${run.engine} ${run.model}`] satisfies ((run: ClosedRun) => string)[])
    for (const [name, some] of groups(runs, key)) note(`${set} ${name}: ${some.length} runs, ${summary(some)}`);
  noteRuns(set, runs, 8, note);
  tell(set);
  const split = rowsOf(join(folder, set, "static_points_disagg.csv")).length;
  if (split > 0) note(`${set} not run: ${split} disaggregated points: KV transfer, and in most the number of workers, are not recorded`);
}

function checkOffline(folder: string, book: Book): void {
  const { note } = book;
  const { skipped, tell } = leftOut(book);
  const argonne = "argonne-llm-inference-bench";
  const sweep = replaySweep(rowsOf(join(folder, argonne, "static_points.csv")), skipped);
  for (const [key, runs] of groups(sweep, (run) => `${run.gpu}, ${run.engine}`)) {
    book.judge(`${argonne}, offline, ${key}`, runs, OFFLINE_2024[runs[0]!.engine] ?? ELSEWHERE, {
      kind: "offline",
      dataset: argonne,
      about: `${runs[0]!.engine} of 2024, ${runs[0]!.gpu}`,
      why: WHY.offline,
    });
    noteRuns(argonne, runs, 4, note);
  }
  tell(argonne);
  const pairs = replayPairs(rowsOf(join(folder, argonne, "ttft_e2e_pairs.csv")), skipped);
  for (const [gpu, runs] of groups(pairs, (run) => run.gpu)) {
    book.judge(`${argonne}, offline, first token and whole batch, ${gpu}`, runs, PAIRS_2024, {
      kind: "offline",
      dataset: argonne,
      about: `first token and whole batch of 16, ${gpu}`,
    });
    noteRuns(argonne, runs, 4, note);
  }
  tell(argonne);

  const lens = join(folder, "lens-static-batches");
  const batches = (["static_batches.csv", "oneshot_runs.csv"] as const).flatMap((file) => batchesOf(lens, file, skipped));
  const cached = batches.filter((batch) => batch.cached).map(replayBatch);
  const others = batches.filter((batch) => !batch.cached).map(replayBatch);
  const cause = "the same machine and model as the uncached batches from which the overheads of an iteration come";
  if (cached.length > 0)
    book.judge(
      "lens-static-batches, offline, a10g, prefix cache on",
      cached,
      { most: { E2E: 0.1 }, cause },
      {
        kind: "offline",
        dataset: "lens-static-batches",
        about: "vLLM 0.19, Llama-3.2-1B, a10g, prefix cache on",
      },
    );
  if (others.length > 0)
    note(
      `lens-static-batches not judged, because the overheads come from them: ${others.length} uncached batches, ${summary(others as readonly RunErrors[])}`,
    );
  noteRuns("lens-static-batches", cached, 4, note);
  tell("lens-static-batches");
}

/** The first batches of every kind are fitted: enough of each dataset and size. */
const FITTED_BATCHES = 2;
/** Requests of a run that stands alone. */
const FITTED_REQUESTS = 100;

const toldBy = ({ calibration }: Calibrated): string =>
  calibration.knobs
    .filter(({ told }) => told >= 0.5)
    .map(({ knob, value, interval: [low, high] }) => `${knob.id} ${value.toPrecision(3)} (${low.toPrecision(3)} to ${high.toPrecision(3)})`)
    .join(", ");

function checkCalibrated(folder: string, book: Book): void {
  const { note } = book;
  const quiet = (): void => undefined;
  for (const bench of benchesOf(join(folder, "llmservingsim-bench"), quiet)) {
    const { gpu, model, tensorParallel } = bench.deployment;
    const name = `llmservingsim-bench, calibrated, ${gpu.id}, ${model.id} TP${tensorParallel}`;
    if (tensorParallel === 1) {
      const latency = fittedToProfile(profileOf(folder, bench));
      if (latency === null) note(`${name}: no batches of it were measured`);
      else
        book.judge(
          `${name}, fitted to its batches (llmservingsim-profile)`,
          [replayRun({ ...bench, deployment: { ...bench.deployment, latency } }, 0)],
          CALIBRATED,
          {
            kind: "calibrated",
            dataset: "llmservingsim-bench",
            about: `vLLM 0.19, ShareGPT, ${gpu.id}, ${model.id}`,
            fitted: "a sum of ten terms, to the batches of llmservingsim-profile (kernels of one layer, without host time)",
          },
        );
    } else {
      // Its table of batches has no all-reduce.
      const half = calibratedToHalf(bench, FITTED_REQUESTS);
      if (half === null) continue;
      note(`${name}: its first ${FITTED_REQUESTS} requests, which shared batches with the others, tell ${toldBy(half.found)}`);
      book.judge(`${name}, fitted to the first ${FITTED_REQUESTS} requests of the run`, [half.run], CALIBRATED, {
        kind: "calibrated",
        dataset: "llmservingsim-bench",
        about: `vLLM 0.19, ShareGPT, ${gpu.id}, ${model.id} TP${tensorParallel}`,
        fitted: `parameters of the roofline, to the first ${FITTED_REQUESTS} requests of the same run; the others, which shared batches with them, are scored`,
      });
    }
  }

  const blis = join(folder, "blis-vllm-runs");
  const training = rowsOf(join(blis, "training_stages.csv"));
  const known = new Set(training.map(sameRun));
  const validation = rowsOf(join(blis, "validation_stages.csv")).filter((row) => !known.has(sameRun(row)));
  const shardOf = ({ deployment: { gpu, model, tensorParallel } }: Stage): string => `${gpu.id}, ${model.id} TP${tensorParallel}`;
  const trained = groups(stagesOf(training, true, quiet), shardOf);
  const scored: OnlineRun[] = [];
  const fittedTo: string[] = [];
  for (const [shard, stages] of groups(stagesOf(validation, true, quiet), shardOf)) {
    const source = trained.get(shard);
    const { fit, score } = source === undefined ? splitByWorkload(stages) : { fit: source, score: stages };
    if (fit.length === 0 || score.length === 0) {
      note(`blis-vllm-runs, calibrated, ${shard}: no run is left to be scored`);
      continue;
    }
    const found = calibratedToStages(fit);
    const runs = replayCalibrated(found, score);
    scored.push(...runs);
    fittedTo.push(`${shard}: ${[...new Set(fit.map(({ run }) => run))].join(", ")}`);
    const names = (some: readonly Stage[]): string => [...new Set(some.map(({ run }) => run))].join(", ");
    note(`blis-vllm-runs, calibrated, ${shard}: fitted to ${names(fit)}: ${toldBy(found)}; scored on ${names(score)}: ${summary(runs)}`);
  }
  for (const [gpu, runs] of groups(scored, (run) => run.gpu)) {
    book.judge(`blis-vllm-runs, calibrated to other runs, ${gpu}`, runs, CALIBRATED, {
      kind: "calibrated",
      dataset: "blis-vllm-runs",
      about: `vLLM 0.15 at constant rates, ${gpu}`,
      fitted: `parameters of the roofline, to other runs (${fittedTo.join("; ")})`,
      ...(gpu === "h100-sxm" ? { why: WHY.h100 } : {}),
    });
    noteRuns("blis-vllm-runs, calibrated", runs, 4, note);
  }

  const batches = batchesOf(join(folder, "lens-static-batches"), "static_batches.csv", quiet);
  for (const [shard, some] of groups(batches, ({ deployment: { gpu, model } }) => `${gpu.id}, ${model.id}`)) {
    const fit = some.filter(({ cached, place }) => !cached && place < FITTED_BATCHES);
    if (fit.length === 0) continue;
    const found = calibratedToBatches(fit);
    const rest = some.filter((batch) => !fit.includes(batch));
    note(`lens-static-batches, calibrated, ${shard}: ${fit.length} batches tell ${toldBy(found)}`);
    for (const cached of [false, true]) {
      const runs = rest
        .filter((batch) => batch.cached === cached)
        .map((batch) => replayBatch({ ...batch, deployment: found.apply(batch.deployment) }));
      if (runs.length > 0)
        book.judge(
          `lens-static-batches, calibrated to other batches, ${shard}, prefix cache ${cached ? "on" : "off"}`,
          runs,
          { most: { E2E: 0.03 } },
          {
            kind: "calibrated",
            dataset: "lens-static-batches",
            about: `vLLM 0.19, ${shard}, prefix cache ${cached ? "on" : "off"}`,
            fitted: `parameters of the roofline, to ${fit.length} other batches without prefix cache`,
          },
        );
    }
  }
}

/** Everything in the folder, judged. */
export async function checkAll(folder: string, report: Report, note: Note): Promise<ValidationFigures> {
  const book = new Book(report, note);
  for (const [name, check] of [
    ["calibrated", checkCalibrated],
    ["online runs", checkOnline],
    ["fixed concurrency", checkClosed],
    ["offline batches", checkOffline],
  ] as const)
    await attempt(name, report, () => check(folder, book));
  return { sources: SOURCES, files: filesOf(folder), sets: book.sets, leftOut: book.leftOut };
}

export const suite: Suite = {
  id: "measured",
  about:
    "Runs of real engines, simulated: median errors of E2E, TTFT and TPOT against the acceptance (calibrated to other runs or to batches: 3, 8, 3 %; from specifications, online on H100: 10, 15, 10 %; fixed concurrency: TPOT 15 %, TTFT 25 %), on other GPUs and engines against stated figures with their cause. Nothing is fitted on what is judged.",
  needsFolder: true,
  run: async (folder, report, note) => {
    const figures = await checkAll(folder, report, note);
    for (const set of ["aiconfigurator-ops", "llmservingsim-profile"])
      if (existsSync(join(folder, set)))
        note(`${set} not judged: kernel times, from which the efficiencies of src/latency/efficiency.ts come`);
    // The page shows the figures of one state of the data.
    const same = JSON.stringify(recorded.files) === JSON.stringify(figures.files);
    if (!same) note("the figures of the Validation screen are of other data");
    else
      report(
        "figures of the Validation screen",
        JSON.stringify([recorded.sets, recorded.leftOut]) === JSON.stringify([figures.sets, figures.leftOut]),
        `${recorded.sets.length} sets; if they differ: node --import tsx scripts/record-validation.ts <folder>`,
      );
  },
};
