// Calibrated: a latency model fitted to batches or to other runs of the same GPU and model, then the recorded runs again. What is fitted is never scored.
import { join } from "node:path";
import { fixedSource } from "../src/engine/testing.ts";
import { calibrate } from "../src/latency/calibrate/calibrate.ts";
import { rooflineKnobs } from "../src/latency/calibrate/knobs.ts";
import { OUTSIDE } from "../src/latency/calibrate/types.ts";
import type { Calibration, ClientMeans } from "../src/latency/calibrate/types.ts";
import { finished, fitTerms } from "../src/latency/fit/fit.ts";
import { measurementsOf, thinned } from "../src/latency/fit/measurements.ts";
import { selectTerms } from "../src/latency/fit/select.ts";
import { candidates } from "../src/latency/fit/terms.ts";
import { FittedTime } from "../src/latency/fitted-time.ts";
import type { LatencyModel } from "../src/engine/contracts.ts";
import { need, rowsOf } from "./measured-rows.ts";
import { mean, replay } from "./measured-run.ts";
import type { Deployment, Outcome } from "./measured-run.ts";
import { replayRun } from "./measured-online.ts";
import type { OnlineRun, Stage } from "./measured-online.ts";

/** Rows of a grid that are enough to fit ten terms: more only cost time. */
const ENOUGH_ROWS = 2500;

/** The model that `goodput fit` makes of a table of llmservingsim-profile: batches of at most one prompt, decodes of equal contexts. Null without the table. */
export function fittedToProfile(path: string): LatencyModel | null {
  const rows = rowsOf(path).map((row, i) => {
    const [P, D] = [need(row, "prefill_chunk"), need(row, "n_decode")];
    const past = P > 0 ? need(row, "kv_prefill") : 0;
    return {
      P,
      N: P > 0 ? 1 : 0,
      D,
      C: D * need(row, "kv_decode"),
      K: past,
      W: P * (past + P / 2),
      t: need(row, "iteration_ms") / 1e3,
      line: i + 2,
    };
  });
  if (rows.length === 0) return null;
  const data = thinned(measurementsOf(rows), Math.ceil(rows.length / ENOUGH_ROWS));
  const { names, columns } = candidates(data);
  const terms = finished(selectTerms(columns, data)).chosen.map((j) => names[j]!);
  const fit = finished(fitTerms("selected", terms, data, { replicates: 0 }));
  return new FittedTime({ terms: fit.terms.map((term, i) => ({ term, coefficient: fit.coefficients[i]! })) }, 1);
}

/** Requests of a run that are simulated while it is fitted: a constant rate has settled by then. */
const FITTED_REQUESTS = 1000;

const meansOf = ({ ttft, tpot, e2e }: Outcome): ClientMeans => ({ ttft: mean(ttft), tpot: mean(tpot), e2e: mean(e2e) });

export interface Calibrated {
  readonly calibration: Calibration;
  /** The deployment with what was found, and the time outside the engine. */
  readonly apply: (deployment: Deployment) => Deployment;
  readonly frontEndS: number;
}

function calibrated(
  { gpu, model, tensorParallel }: Deployment,
  runs: readonly { readonly name: string; readonly measured: ClientMeans }[],
  simulate: (roofline: Readonly<Record<string, number>>, run: number) => ClientMeans,
  outside: boolean,
): Calibrated {
  const knobs = rooflineKnobs({ gpu, model, tensorParallel, pipelineParallel: 1 }).filter(({ id }) => outside || id !== OUTSIDE);
  const calibration = finished(calibrate(runs, knobs, simulate));
  const found = Object.fromEntries(calibration.knobs.map(({ knob, value }) => [knob.id, value]));
  const { [OUTSIDE]: ms = 0, ...values } = found;
  return { calibration, apply: (deployment) => ({ ...deployment, roofline: values }), frontEndS: ms / 1e3 };
}

/** The roofline calibrated to online runs of one GPU, model and parallelism. */
export const calibratedToStages = (stages: readonly Stage[]): Calibrated =>
  calibrated(
    stages[0]!.deployment,
    stages.map(({ name, measured: { TTFT, TPOT, E2E } }) => ({
      name,
      measured: { ttft: TTFT ?? null, tpot: TPOT ?? null, e2e: E2E ?? null },
    })),
    (roofline, run) => {
      const { deployment, traffic } = stages[run]!;
      return meansOf(replay({ ...deployment, roofline }, fixedSource(traffic.slice(0, FITTED_REQUESTS))));
    },
    true,
  );

/** Scores runs with what others gave. */
export const replayCalibrated = ({ apply, frontEndS }: Calibrated, stages: readonly Stage[]): readonly OnlineRun[] =>
  stages.map((stage) => replayRun({ ...stage, deployment: apply(stage.deployment) }, frontEndS));

/** The first run of every workload is fitted, where no others were set aside for it; the others are scored. A run has several stages. */
export function splitByWorkload(stages: readonly Stage[]): { readonly fit: readonly Stage[]; readonly score: readonly Stage[] } {
  const first = new Map<string, string>();
  for (const { workload, run } of stages) if (!first.has(workload)) first.set(workload, run);
  const isFirst = ({ workload, run }: Stage): boolean => first.get(workload) === run;
  return { fit: stages.filter(isFirst), score: stages.filter((stage) => !isFirst(stage)) };
}

/** One run cut in two: fitted to the means over the first requests, scored by the others, which shared batches with them. */
export function calibratedToHalf(stage: Stage, first: number): { readonly found: Calibrated; readonly run: OnlineRun } | null {
  const { requests } = stage;
  if (requests === undefined || requests.length <= first) return null;
  const part = (from: number, to: number): ClientMeans => {
    const some = requests.slice(from, to);
    return {
      ttft: mean(some.map(({ ttft }) => ttft)),
      tpot: mean(some.flatMap(({ tpot }) => tpot ?? [])),
      e2e: mean(some.map(({ e2e }) => e2e)),
    };
  };
  const simulated = (deployment: Deployment, from: number, to: number): ClientMeans =>
    meansOf(replay(deployment, fixedSource(stage.traffic), (id) => id >= from && id < to));
  const found = calibrated(
    stage.deployment,
    [{ name: stage.name, measured: part(0, first) }],
    (roofline) => simulated({ ...stage.deployment, roofline }, 0, first),
    false,
  );
  const [predicted, measured] = [simulated(found.apply(stage.deployment), first, Infinity), part(first, requests.length)];
  const error = (of: keyof ClientMeans): number => predicted[of]! / measured[of]! - 1;
  return {
    found,
    run: {
      name: `${stage.name}, requests from ${first} on`,
      gpu: stage.deployment.gpu.id,
      measured: { E2E: measured.e2e!, TTFT: measured.ttft!, TPOT: measured.tpot! },
      errors: { E2E: error("e2e"), TTFT: error("ttft"), TPOT: error("tpot") },
    },
  };
}

export const profileOf = (folder: string, { name, deployment }: Stage): string =>
  join(folder, "llmservingsim-profile", `iterations_${name}_tp${deployment.tensorParallel}.csv.gz`);

/** Batches that start together, as `replayBatches` reads them: all of their time is known, and nothing else. */
export function calibratedToBatches(
  batches: readonly {
    readonly name: string;
    readonly deployment: Deployment;
    readonly traffic: Stage["traffic"];
    readonly seconds: number;
  }[],
): Calibrated {
  return calibrated(
    batches[0]!.deployment,
    batches.map(({ name, seconds }) => ({ name, measured: { ttft: null, tpot: null, e2e: seconds } })),
    (roofline, run) => {
      const { deployment, traffic } = batches[run]!;
      return { ttft: null, tpot: null, e2e: replay({ ...deployment, roofline }, fixedSource(traffic)).makespan };
    },
    false,
  );
}
