// What the cards of the VTC paper share: its suites, the orders of their queues, and service about the times of its figures.
import type { MeasuredFairness, MeasuredFigures } from "../analysis/types.ts";
import { vtcPresets } from "../scenario/presets/vtc.ts";
import type { Choice, Scenario } from "../scenario/types.ts";
import type { CardPoint, CardRun, CardValue } from "./card.ts";

const LOGS = "logs of the VTC artifact, github.com/Ying1123/VTC-artifact at 192c2e2 (Sheng et al., OSDI 2024)";
export const logsOf = (runs: string): string => `${LOGS}: Llama-7B on an A10G, ${runs}`;
export const logsOfA100 = (runs: string): string => `${LOGS}: Llama-13B on an A100 of 80 GB, ${runs}`;

/** What two runs of one suite on the same hardware differ by, and such lines leave, as the cards say it. */
export const FITTED =
  "Batch times are lines by phase from the artifact's profile of its kernels, host times from two of its runs: makespans within 5 %, shares of service within 3 points";

export const suiteOf = (id: string): Scenario => {
  const found = vtcPresets.find((preset) => preset.id === id);
  if (found === undefined) throw new Error(`There is no preset ${id}.`);
  return found.scenario;
};

/** The scenario with a queue order. */
export const ordered = (base: Scenario, order: string, params: NonNullable<Choice["params"]> = {}): Scenario => ({
  ...base,
  pools: base.pools.map((pool) => ({ ...pool, ordering: Object.keys(params).length === 0 ? { id: order } : { id: order, params } })),
});

/** A run that also says what each tenant was served about these seconds. */
export const served = (key: string, scenario: Scenario, at: readonly number[]): CardRun => ({
  key,
  scenario,
  measure: { fairness: { at } },
});

export function fairnessOf({ fairness }: MeasuredFigures): MeasuredFairness {
  if (fairness === undefined) throw new Error("The run was not asked what its tenants were served.");
  return fairness;
}

/** Times of the figures with sliding windows, seconds. */
export const ticksTo = (end: number, step = 20): readonly number[] =>
  Array.from({ length: Math.floor(end / step) + 1 }, (_, i) => step * i);

/** Values at their times, in minutes; times without a value left out. */
export const overMinutes = (at: readonly number[], values: readonly number[], scale = 1): CardPoint[] =>
  at.flatMap((time, i): CardPoint[] => (Number.isFinite(values[i]) ? [[time / 60, values[i]! / scale]] : []));

/** A tenant's share of what all were served, mean over the windows about times from `from` to `to`, as a percentage. */
export function shareOf(service: MeasuredFairness["service"], tenant: number, at: readonly number[], from: number, to: number): number {
  const total = (rates: readonly number[]): number =>
    rates.reduce((sum, rate, i) => (at[i]! >= from && at[i]! <= to ? sum + rate : sum), 0);
  return (100 * total(service[tenant]!)) / service.reduce((sum, rates) => sum + total(rates), 0);
}

export const ttftOf = (figures: MeasuredFigures, tenant: number): number => {
  const mean = fairnessOf(figures).report.tenants[tenant]?.ttftMean;
  if (mean === undefined || mean === null) throw new Error(`Tenant ${tenant} has no first token.`);
  return mean;
};

/** Tolerances of figures that are compared with the artifact's hardware. */
export const shareValue = (name: string, published: number, ours: number): CardValue => ({
  name,
  unit: "%",
  published,
  ours,
  within: { absolute: 3 },
});
export const lastAnswer = (name: string, published: number, { makespan }: MeasuredFigures): CardValue => ({
  name,
  unit: "s",
  published,
  ours: makespan,
  within: { relative: 0.05 },
});
/** Of a client that keeps the server busy: what is left of 3 % of speed is multiplied by its queue. */
export const busyTtft = (name: string, published: number, ours: number): CardValue => ({
  name,
  unit: "s",
  published,
  ours,
  within: { relative: 0.1 },
});
/** Of a client that hardly waits: its TTFT is a few batches long, and whose turn it was decides. */
export const lightTtft = (name: string, published: number, ours: number): CardValue => ({
  name,
  unit: "s",
  published,
  ours,
  within: { absolute: 2 },
});
