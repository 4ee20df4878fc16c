// What is asked on the experiments screen beside the sweep: part of the view, so that links carry it. Read from links part by part; what does not fit is the usual.
import { isMetricId, type MetricId } from "../../../analysis/metrics.ts";

export type Question = "sweep" | "cheapest" | "goodput" | "comparison";

export interface CheapestForm {
  /** Ids of the catalog; null: the GPU of the scenario alone. */
  readonly gpus: readonly string[] | null;
  readonly from: number;
  readonly to: number;
  /** GPUs per replica; empty: as it is. */
  readonly tensorParallel: readonly number[];
  /** Ids of schedulers and of routers; empty: as it is. */
  readonly schedulers: readonly string[];
  readonly routers: readonly string[];
  readonly share: number;
  readonly seeds: number;
}

export interface GoodputForm {
  readonly share: number;
  readonly confidence: number;
  readonly seeds: number;
}

export interface ComparisonForm {
  /** What the present scenario is compared with: presets by id, the pinned run, settings of the sweep by number. */
  readonly others: readonly string[];
  readonly metrics: readonly MetricId[];
  readonly seeds: number;
  readonly difference: number;
}

export interface QuestionForms {
  readonly tab: Question;
  readonly cheapest: CheapestForm;
  readonly goodput: GoodputForm;
  readonly comparison: ComparisonForm;
}

export const QUESTIONS: readonly Question[] = ["sweep", "cheapest", "goodput", "comparison"];

const USUAL: QuestionForms = {
  tab: "sweep",
  cheapest: { gpus: null, from: 1, to: 16, tensorParallel: [], schedulers: [], routers: [], share: 0.9, seeds: 5 },
  goodput: { share: 0.9, confidence: 0.95, seeds: 5 },
  comparison: { others: [], metrics: ["cost", "e2e.p90", "slo"], seeds: 10, difference: 0.05 },
};

type Raw = Readonly<Record<string, unknown>>;
const rawOf = (value: unknown): Raw => (typeof value === "object" && value !== null ? (value as Raw) : {});
const within = (value: unknown, least: number, most: number, usual: number): number =>
  typeof value === "number" && value >= least && value <= most ? value : usual;
const whole = (value: unknown, least: number, most: number, usual: number): number =>
  Number.isInteger(value) ? within(value, least, most, usual) : usual;
const texts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((entry) => typeof entry === "string" && entry.length <= 100).slice(0, 40) : [];

export function readForms(value: unknown): QuestionForms {
  const { tab, cheapest, goodput, comparison } = rawOf(value);
  const [c, g, m] = [rawOf(cheapest), rawOf(goodput), rawOf(comparison)];
  const from = whole(c["from"], 1, 10_000, USUAL.cheapest.from);
  const metrics = texts(m["metrics"]).filter(isMetricId);
  return {
    tab: QUESTIONS.find((known) => known === tab) ?? "sweep",
    cheapest: {
      gpus: Array.isArray(c["gpus"]) ? texts(c["gpus"]) : null,
      from,
      to: Math.max(from, whole(c["to"], 1, 10_000, USUAL.cheapest.to)),
      tensorParallel: Array.isArray(c["tensorParallel"])
        ? (c["tensorParallel"] as unknown[]).filter((n): n is number => Number.isInteger(n) && Number(n) >= 1 && Number(n) <= 64)
        : [],
      schedulers: texts(c["schedulers"]),
      routers: texts(c["routers"]),
      share: within(c["share"], 0.01, 1, USUAL.cheapest.share),
      seeds: whole(c["seeds"], 2, 30, USUAL.cheapest.seeds),
    },
    goodput: {
      share: within(g["share"], 0.01, 1, USUAL.goodput.share),
      confidence: within(g["confidence"], 0.5, 0.999, USUAL.goodput.confidence),
      seeds: whole(g["seeds"], 2, 30, USUAL.goodput.seeds),
    },
    comparison: {
      others: texts(m["others"]),
      metrics: metrics.length > 0 ? metrics : USUAL.comparison.metrics,
      seeds: whole(m["seeds"], 2, 100, USUAL.comparison.seeds),
      difference: within(m["difference"], 0.001, 1, USUAL.comparison.difference),
    },
  };
}
