// Suite autoscaling-lab: the autoscaling lab for Vidur, run for run. Layout of the folder: envelope_vectors.json, hypervolume_vectors.json, runs.json
// with replicas_<name>.csv; the trace and the operator tables lie at fixed places above it.
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { dominatedArea, formulaHypervolume } from "../src/analysis/hypervolume.ts";
import { Envelope } from "../src/policies/autoscaling/envelope.ts";
import { replayLab } from "./autoscaling-lab-run.ts";
import type { LabRun } from "./autoscaling-lab-run.ts";
import { readColumns } from "./columns.ts";
import { attempt } from "./suite.ts";
import type { Report, Suite } from "./suite.ts";
import { comboOf } from "./vidur-facts.ts";
import { modelFrom } from "./vidur-profile.ts";

/** Vectors are decimal numbers: what is left is rounding. */
const EXACT = 1e-6;
/** Of the runs: the cost follows from tens of decisions, of which a few may fall one tick earlier or later where batches end in another order. */
const COST = 0.02;
const P90 = 0.05;

interface EnvelopeVectors {
  readonly arrivals: readonly (readonly [number, number])[];
  readonly queries: readonly { readonly now: number; readonly window: number; readonly look_back: number; readonly max_rate: number }[];
}

interface HypervolumeVector {
  readonly points: readonly (readonly [number, number])[];
  readonly ref_cost: number;
  readonly ref_latency: number;
  readonly hypervolume: number;
  readonly dominated_area: number;
}

const readJson = async <T>(folder: string, name: string): Promise<T> => JSON.parse(await readFile(join(folder, name), "utf8")) as T;

async function checkEnvelopes(folder: string, report: Report): Promise<void> {
  const sets = await readJson<Readonly<Record<string, readonly EnvelopeVectors[]>>>(folder, "envelope_vectors.json");
  for (const [set, lists] of Object.entries(sets))
    lists.forEach(({ arrivals, queries }, i) => {
      let worst = 0;
      for (const { now, window, look_back: lookBack, max_rate: wanted } of queries) {
        const envelope = new Envelope(window, lookBack);
        for (const [at, tokens] of arrivals) if (at <= now) envelope.add(at, tokens);
        worst = Math.max(worst, Math.abs(envelope.highest(now) - wanted));
      }
      report(`envelope ${set} ${i + 1}`, worst <= EXACT, `${queries.length} rates, worst difference ${worst.toExponential(1)} tokens/s`);
    });
}

async function checkHypervolumes(folder: string, report: Report): Promise<void> {
  const vectors = await readJson<readonly HypervolumeVector[]>(folder, "hypervolume_vectors.json");
  vectors.forEach((vector, i) => {
    const points = vector.points.map(([cost, latency]) => ({ cost, latency }));
    const reference = { cost: vector.ref_cost, latency: vector.ref_latency };
    const formula = formulaHypervolume(points, reference);
    const area = dominatedArea(points, reference);
    const ok = Math.abs(formula - vector.hypervolume) <= EXACT && Math.abs(area - vector.dominated_area) <= EXACT;
    const wanted = ok ? "" : `, instead of ${vector.hypervolume} and ${vector.dominated_area}`;
    report(`hypervolume ${i + 1}`, ok, `${points.length} points: formula ${formula.toFixed(6)}, area ${area.toFixed(6)}${wanted}`);
  });
}

/** Files that stand beside the reference results, at their places above the folder; the first place that has one. */
function above(folder: string, paths: readonly string[]): string {
  for (let at = resolve(folder); ; at = resolve(at, "..")) {
    for (const path of paths) if (existsSync(join(at, path))) return join(at, path);
    if (at === resolve(at, ".."))
      throw new Error(`${paths.join(" or ")} is not in ${folder} nor in a folder above it: the runs cannot be replayed`);
  }
}

const TRACE = "lab3_synthetic_trace1_1hr.csv.gz";
const COMBO = "llama3-70b_a100_tp4approx";

async function checkRuns(folder: string, report: Report): Promise<void> {
  const runs = await readJson<readonly LabRun[]>(folder, "runs.json");
  const trace = readColumns(above(folder, [TRACE, `data/traces/vidur/${TRACE}`]));
  const latency = await modelFrom(above(folder, [`exec_tables/${COMBO}`]), comboOf(COMBO));
  for (const run of runs)
    await attempt(`run ${run.name}`, report, async () => {
      const series = join(folder, `replicas_${run.name}.csv`);
      const result = replayLab(run, trace, latency, existsSync(series) ? readColumns(series) : null);
      const cost = result.cost / run.total_cost - 1;
      const p90 = result.p90 / run.e2e_p90 - 1;
      const ok =
        result.requests === run.requests && Math.abs(cost) <= COST && Math.abs(p90) <= P90 && result.maxReplicas === run.max_replicas;
      const percent = (share: number): string => `${share >= 0 ? "+" : ""}${(share * 100).toFixed(2)} %`;
      report(
        `run ${run.name}`,
        ok,
        `${result.requests} requests; cost ${result.cost.toFixed(4)} $ (${percent(cost)}), P90 ${result.p90.toFixed(4)} s (${percent(p90)}), ` +
          `P99 ${result.p99.toFixed(3)} instead of ${run.e2e_p99.toFixed(3)} s, max replicas ${result.maxReplicas} of ${run.max_replicas}${result.steps}`,
      );
    });
}

export const suite: Suite = {
  id: "autoscaling-lab",
  about: `Traffic envelopes and hypervolumes to ${EXACT}; runs of the lab: total cost within ${COST * 100} %, P90 of the end-to-end latency within ${P90 * 100} %, as many replicas at most: a batch that ends in another order moves a decision by a tick.`,
  needsFolder: true,
  run: async (folder, report) => {
    await attempt("envelope", report, () => checkEnvelopes(folder, report));
    await attempt("hypervolume", report, () => checkHypervolumes(folder, report));
    await attempt("runs", report, () => checkRuns(folder, report));
  },
};
