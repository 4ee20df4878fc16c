// One run of the VTC artifact again: its workload, its scheduler, its engine.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { linearPhases } from "../src/latency/linear-phases.ts";
import { withDefaults } from "../src/engine/params.ts";
import type { Params, Values } from "../src/engine/params.ts";
import { byId } from "../src/engine/registry.ts";
import type { RequestLog, Summary } from "../src/engine/metrics/results.ts";
import { configOf, fixedSource, runAll } from "../src/engine/testing.ts";
import type { Row } from "../src/engine/testing.ts";
import { admission } from "../src/policies/admission/index.ts";
import { slora } from "../src/policies/batching/slora.ts";
import { ordering } from "../src/policies/ordering/index.ts";
import { roundRobin } from "../src/policies/routing/round-robin.ts";
import { tenantRates } from "../src/workload/synth/tenant-rates.ts";
import { readColumns } from "./columns.ts";

/** A row of runs.csv. */
export interface VtcRun {
  readonly id: string;
  readonly suite: string;
  readonly scheduler: string;
  readonly gpu: string;
  readonly pool: number;
  /** Requests per second, by client. */
  readonly rates: readonly number[];
  readonly duration: number;
}

export interface Workload {
  readonly clients: number;
  /** Nominal lengths. */
  readonly rows: readonly Row[];
}

type Rates = number[][];

const all = (period: number, { rates, duration }: VtcRun): Rates =>
  rates.map((rate, client) => [client + 1, 0, duration, rate, rate, client === 0 ? period : 0]);

/** Suites whose arrivals follow from their name, rates and duration; the others' are only known from logs. */
const RECIPES: Readonly<Record<string, (run: VtcRun) => { gaps: string; rates: Rates }>> = {
  on_off_less: (run) => ({ gaps: "constant", rates: all(60, run) }),
  on_off_overload: (run) => ({ gaps: "constant", rates: all(60, run) }),
  poisson_short_long: (run) => ({ gaps: "poisson", rates: all(0, run) }),
  poisson_short_long_2: (run) => ({ gaps: "poisson", rates: all(0, run) }),
  increase: ({ rates: [first, last], duration }) => ({
    gaps: "even",
    rates: [
      [1, 0, duration, first!, first!, 0],
      [2, 0, duration, 0.2, last!, 0],
    ],
  }),
  // Its rates stand in the suite alone: thirds of the time, client 0 on and off in the first.
  dist_shift: ({ duration }) => {
    const third = duration / 3;
    return {
      gaps: "constant",
      rates: [
        [1, 0, third, 0.5, 0.5, 60],
        [2, 0, third, 2, 2, 0],
        [1, third, 2 * third, 1, 1, 0],
        [2, third, 2 * third, 1, 1, 0],
        [1, 2 * third, duration, 0.5, 0.5, 0],
        [2, 2 * third, duration, 1.5, 1.5, 0],
      ],
    };
  },
};
const plain = (run: VtcRun): { gaps: string; rates: Rates } => ({ gaps: "constant", rates: all(0, run) });
const isPlain = (suite: string): boolean => /^(overload|proportional|ablation)/.test(suite);

/** Lengths of suites whose clients differ; else all are alike, and the suite's name may say how. */
const LENGTHS: Readonly<Record<string, readonly (readonly [number, number])[]>> = {
  poisson_short_long: [
    [64, 64],
    [256, 256],
  ],
  poisson_short_long_2: [
    [512, 32],
    [32, 512],
  ],
};

function lengthOf(suite: string, client: number): readonly [number, number] {
  const own = LENGTHS[suite];
  if (own !== undefined) return own[client]!;
  const named = /-(\d{3})$/.exec(suite);
  const length = named !== null ? Number(named[1]) : suite.endsWith("-long") ? 512 : 256;
  return [length, length];
}

/** The arrivals by the suite's recipe; null where there is none. */
export function generated(run: VtcRun): Workload | null {
  const recipe = RECIPES[run.suite] ?? (isPlain(run.suite) ? plain : undefined);
  if (recipe === undefined) return null;
  const values = withDefaults(tenantRates.params, recipe(run)) as Values<Params>;
  const process = tenantRates.create(values, { random: undefined as never, rateScale: 1 });
  const rows: Row[] = [];
  for (; process.nextAt() < Infinity; process.advance()) {
    const tenant = process.tenant!();
    const [prompt, output] = lengthOf(run.suite, tenant);
    rows.push({ at: process.nextAt(), tenant, prompt, output });
  }
  return { clients: Math.max(...rows.map(({ tenant }) => tenant!)) + 1, rows };
}

/** The arrivals of a log, or of a workload file; null where the folder has none. */
export function recorded(path: string): Workload | null {
  if (!existsSync(path)) return null;
  const { arrival_s: at, client, input_tokens: input, output_tokens: output } = readColumns(path);
  const rows = Array.from(at!, (time, i) => ({ at: time, tenant: client![i]!, prompt: input![i]!, output: output![i]! }));
  rows.sort((a, b) => a.at - b.at);
  return { clients: Math.max(...rows.map(({ tenant }) => tenant)) + 1, rows };
}

export const logged = (folder: string, { id }: VtcRun): Workload | null => recorded(join(folder, "requests", `${id}.csv.gz`));

/** Tokens that the artifact's tokenizer adds to a prompt: one for the beginning, one for the space at the end. */
const ADDED = 2;
/** Largest sum of prompt and output that its server takes, and the least room that a prefill batch gets. */
const LONGEST = 3072;

interface Policy {
  readonly order: string;
  readonly values: Readonly<Record<string, unknown>>;
  readonly limit?: number;
  readonly weighted?: boolean;
}

/** A scheduler of the artifact; `clean`: VTC without the slip of its accounts. */
function policyOf(scheduler: string, clean: boolean): Policy {
  const vtc = clean ? "vtc" : "vtc-artifact";
  const rpm = /^rpm(\d+)$/.exec(scheduler);
  if (rpm !== null) return { order: "fcfs", values: {}, limit: Number(rpm[1]) };
  if (scheduler === "fcfs") return { order: "fcfs", values: {} };
  if (scheduler === "lcf") return { order: "least-counter-first", values: {} };
  if (scheduler === "vtc") return { order: vtc, values: {} };
  if (scheduler === "vtc_oracle") return { order: vtc, values: { prediction: "oracle" } };
  if (scheduler === "vtc_predict") return { order: vtc, values: { prediction: "average" } };
  const band = /^vtc_pred(\d+)$/.exec(scheduler);
  if (band !== null) return { order: vtc, values: { prediction: "band", predictionError: Number(band[1]) / 100 } };
  if (/^vtc_w\d+$/.test(scheduler)) return { order: vtc, values: {}, weighted: true };
  throw new Error(`the scheduler "${scheduler}" is not known`);
}

/** Weights of the clients: a digit each, as in vtc_w1234. */
export const sharesOf = ({ scheduler }: VtcRun, clients: number): number[] => {
  const digits = /^vtc_w(\d+)$/.exec(scheduler)?.[1];
  return Array.from({ length: clients }, (_, client) => (digits === undefined ? 1 : Number(digits[client])));
};

export interface Outcome {
  readonly summary: Summary;
  /** With nominal lengths, as the artifact's client reckons. */
  readonly log: RequestLog;
}

export function replay(run: VtcRun, { clients, rows }: Workload, clean = false): Outcome {
  const { order, values, limit } = policyOf(run.scheduler, clean);
  const coefficients = run.gpu.startsWith("A10G") ? "a10g-llama-7b" : "a100-llama-13b";
  const shares = sharesOf(run, clients);
  const config = configOf({
    pools: [
      {
        batching: { definition: slora, values: { maxBatchTokens: Math.max(Math.floor(run.pool / 6), LONGEST) } },
        ordering: { definition: byId("queue order", ordering, order), values },
        latency: linearPhases.create(
          withDefaults(linearPhases.params, { coefficients }) as Values<Params>,
          { pipelineParallel: 1 } as never,
        ),
        kvBlocks: run.pool,
        blockSize: 1,
      },
    ],
    ...(limit === undefined ? {} : { admission: { definition: byId("admission policy", admission, "rate-limit"), values: { limit } } }),
    routing: roundRobin,
    tenants: clients,
    source: fixedSource(rows.map((row) => ({ ...row, prompt: row.prompt + ADDED }))),
  });
  const weighed = { ...config, tenants: config.tenants.map((tenant, i) => ({ ...tenant, weight: shares[i]! })) };
  const engine = runAll(weighed);
  const log = engine.requests();
  return { summary: engine.summary(true), log: { ...log, promptTokens: log.promptTokens.map((tokens) => tokens - ADDED) } };
}
