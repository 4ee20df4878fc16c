// A sweep as a file: JSON of a person's or of a program, checked once here, and written in one way (docs/formats.md, "Sweep").
import * as z from "zod";
import { canonicalJson } from "../scenario/hash.ts";
import { normalise } from "../scenario/normalise.ts";
import { pathText, shown } from "../scenario/messages.ts";
import { presets } from "../scenario/presets/index.ts";
import { parseScenario } from "../scenario/schema.ts";
import { listOf, numberOf, objectOf, oneOf, textOf } from "../scenario/schema-params.ts";
import { hint } from "../scenario/suggest.ts";
import type { Scenario } from "../scenario/types.ts";
import { axisOfSpec, specOfAxis } from "./spec-axis.ts";
import type { SpecAxis } from "./spec-axis.ts";
import { metrics } from "./metrics.ts";
import type { MetricId } from "./metrics.ts";
import { MOST_RUNS, MOST_SEEDS, seedsFrom } from "./plan.ts";
import type { SweepSpec } from "./types.ts";

export const SWEEP_FORMAT = "goodput-sweep";
export const SWEEP_VERSION = 1;

export type SpecOutcome = { readonly ok: true; readonly spec: SweepSpec } | { readonly ok: false; readonly errors: readonly string[] };

const metric = () =>
  oneOf(
    metrics.map(({ id }) => id),
    "quantity",
  ) as unknown as z.ZodType<MetricId>;
const any = () => numberOf({ min: -1e15, max: 1e15 });
const seed = () => numberOf({ min: 0, max: 2 ** 32 - 1, integer: true });

const axis = objectOf(
  {
    path: textOf("a path such as pools[0].replicas", 200).optional(),
    name: textOf("a name for the axis").optional(),
    values: z.array(z.unknown(), { error: (issue) => `${shown(issue.input)} is not a list. Give a list of values.` }).optional(),
    from: any().optional(),
    to: any().optional(),
    step: any().optional(),
    count: numberOf({ min: 2, max: 200, integer: true }).optional(),
    scale: oneOf(["linear", "log"], "scale").optional(),
    whole: z.boolean({ error: (issue) => `${shown(issue.input)} is not a yes or no. Give true or false.` }).optional(),
  },
  "field of an axis",
);

const sampling = objectOf(
  {
    kind: oneOf(["grid", "random", "latin-hypercube"], "sampling"),
    settings: numberOf({ min: 1, max: MOST_RUNS, integer: true }).optional(),
    seed: seed().optional(),
  },
  "field of sampling",
);

const constraint = objectOf({ metric: metric(), atMost: any().optional(), atLeast: any().optional() }, "field of a constraint");

const schema = objectOf(
  {
    format: z.literal(SWEEP_FORMAT, { error: (issue) => `${shown(issue.input)} is not a sweep. Give "${SWEEP_FORMAT}".` }),
    version: z.literal(SWEEP_VERSION),
    scenario: z.unknown(),
    axes: listOf(axis, "axes", 1, 20),
    seeds: z
      .union([numberOf({ min: 1, max: MOST_SEEDS, integer: true }), listOf(seed(), "seeds", 1, MOST_SEEDS)], {
        error: (issue) => `${shown(issue.input)} is neither a number of seeds nor a list of them. Give for example 10 or [1, 2, 3].`,
      })
      .optional(),
    sampling: sampling.optional(),
    metrics: listOf(metric(), "quantities", 1, metrics.length).nullable().optional(),
    x: metric().optional(),
    y: metric().optional(),
    reference: z
      .tuple([any().nullable(), any().nullable()], {
        error: (issue) => `${shown(issue.input)} is not a corner. Give a value of x and one of y, such as [50, 0.5]; null for either.`,
      })
      .optional(),
    constraints: listOf(constraint, "constraints", 0, 20).optional(),
    earlyStop: objectOf(
      { confidence: numberOf({ min: 0.5, max: 0.9999 }), minSeeds: numberOf({ min: 2, max: MOST_SEEDS, integer: true }) },
      "field of earlyStop",
    )
      .nullable()
      .optional(),
  },
  "field of a sweep",
);

type Parsed = z.infer<typeof schema>;

function scenarioOf(given: unknown): { readonly scenario: Scenario } | { readonly errors: readonly string[] } {
  if (typeof given !== "string") {
    const parsed = parseScenario(given ?? {});
    return parsed.ok ? { scenario: parsed.scenario } : { errors: parsed.errors.map((error) => `scenario: ${error}`) };
  }
  const ids = presets.map(({ id }) => id);
  const preset = presets.find(({ id }) => id === given);
  return preset === undefined
    ? { errors: [`scenario: There is no preset ${shown(given)}.${hint(given, ids)} Give a preset's id or a scenario.`] }
    : { scenario: preset.scenario };
}

/** What the parts say together. */
function crossProblem({ constraints = [], sampling: design, seeds, earlyStop }: Parsed): string | null {
  const empty = constraints.findIndex(({ atMost, atLeast }) => atMost === undefined && atLeast === undefined);
  if (empty >= 0) return `constraints[${empty}]: There is no limit. Give atMost, atLeast or both.`;
  if (design !== undefined && design.kind !== "grid" && design.settings === undefined)
    return `sampling.settings: is missing. Give the number of settings to draw.`;
  if (Array.isArray(seeds) && new Set(seeds).size < seeds.length) return `seeds: A seed is there twice. Give each once.`;
  const count = seeds === undefined ? 1 : Array.isArray(seeds) ? seeds.length : seeds;
  if (earlyStop && count <= earlyStop.minSeeds)
    return `earlyStop.minSeeds: ${earlyStop.minSeeds} of ${count} seeds leave nothing to stop. Give more seeds than minSeeds.`;
  return null;
}

/** True for JSON that says it is a sweep, right or wrong. */
export const isSweepSpec = (given: unknown): boolean => (given as { format?: unknown } | null)?.format === SWEEP_FORMAT;

/** Each error is one sentence: path, value, what would do. */
export function parseSweepSpec(given: unknown): SpecOutcome {
  const { version } = (given ?? {}) as { version?: unknown };
  if (typeof version === "number" && version > SWEEP_VERSION)
    return {
      ok: false,
      errors: [
        `version: This sweep was made by a newer Goodput (version ${version}; this one reads up to ${SWEEP_VERSION}). Open it with a newer Goodput.`,
      ],
    };
  const parsed = schema.safeParse(given);
  if (!parsed.success)
    return {
      ok: false,
      errors: parsed.error.issues.map(({ path, message }) => `${pathText(path).replace(/^scenario$/, "sweep")}: ${message}`),
    };
  const { data } = parsed;
  const problem = crossProblem(data);
  if (problem !== null) return { ok: false, errors: [problem] };
  const made = scenarioOf(data.scenario);
  if ("errors" in made) return { ok: false, errors: made.errors };
  const axes = data.axes.map((one, i) => axisOfSpec(one as SpecAxis, `axes[${i}]`));
  const wrong = axes.flatMap((one) => ("error" in one ? [one.error] : []));
  if (wrong.length > 0) return { ok: false, errors: wrong };
  const { seeds = 1, sampling: design } = data;
  return {
    ok: true,
    spec: {
      experiment: {
        base: made.scenario,
        axes: axes.flatMap((one) => ("axis" in one ? [one.axis] : [])),
        seeds: Array.isArray(seeds) ? seeds : seedsFrom(made.scenario, seeds),
        sampling:
          design === undefined || design.kind === "grid"
            ? { kind: "grid" }
            : { kind: design.kind, settings: design.settings!, seed: design.seed ?? 1 },
      },
      metrics: data.metrics ?? null,
      objectives: { x: data.x ?? "cost", y: data.y ?? "e2e.p90", reference: data.reference ?? [null, null] },
      constraints: (data.constraints ?? []).map(({ metric: id, atMost, atLeast }) => ({
        metric: id,
        ...(atMost === undefined ? {} : { atMost }),
        ...(atLeast === undefined ? {} : { atLeast }),
      })),
      earlyStop: data.earlyStop ?? null,
    },
  };
}

/** The one writing of a sweep: reading it gives the same sweep. */
export function sweepSpecJson({
  experiment,
  metrics: shownMetrics,
  objectives,
  constraints,
  earlyStop,
}: SweepSpec): Record<string, unknown> {
  const { base, axes, seeds, sampling: design } = experiment;
  return {
    format: SWEEP_FORMAT,
    version: SWEEP_VERSION,
    scenario: JSON.parse(canonicalJson(normalise(base))) as Scenario,
    axes: axes.map(specOfAxis),
    seeds,
    sampling: design,
    metrics: shownMetrics,
    x: objectives.x,
    y: objectives.y,
    reference: objectives.reference,
    constraints,
    earlyStop,
  };
}
