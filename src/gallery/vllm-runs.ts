// Measured runs of vLLM at constant rates: what was deployed, what came, and the means that its client reported. For the cards that ask whether a run of the
// simulator can be trusted. Source: inference-sim/sim-to-real-accuracy-validation at 8fb2a1b and dcec3fd, the runs whose model the catalog has.
import { scenarioOf, type RunSetup } from "../analysis/validation.ts";
import type { MeasuredFigures } from "../analysis/types.ts";
import type { CardChart, CardRun } from "./card.ts";

/** Chunk in tokens, KV cache in blocks, rate in requests per second, lengths in tokens; measured means in seconds. */
type Row = readonly [
  name: string,
  gpu: string,
  model: string,
  tensorParallel: number,
  chunk: number,
  kvBlocks: number,
  rate: number,
  prompt: number,
  output: number,
  requests: number,
  e2e: number,
  ttft: number,
  tpot: number,
];

const ROWS: readonly Row[] = [
  ["16-llama-3-1-8b-tp1-general-1/0", "h100-sxm", "llama-3.1-8b", 1, 2048, 28469, 8, 547, 248, 4800, 1.893, 0.02523, 0.007561],
  ["16-llama-3-1-8b-tp1-general-1/1", "h100-sxm", "llama-3.1-8b", 1, 2048, 28469, 20, 547, 248, 12000, 2.278, 0.02987, 0.009102],
  ["18-llama-3-1-8b-tp1-codegen-1/0", "h100-sxm", "llama-3.1-8b", 1, 2048, 28469, 5, 566, 247, 3000, 1.813, 0.02452, 0.007271],
  ["18-llama-3-1-8b-tp1-codegen-1/1", "h100-sxm", "llama-3.1-8b", 1, 2048, 28469, 10, 566, 247, 6000, 1.928, 0.02566, 0.007733],
  ["19-llama-3-1-8b-tp1-roleplay-1/0", "h100-sxm", "llama-3.1-8b", 1, 2048, 28469, 6, 750, 251, 7200, 1.885, 0.026, 0.007435],
  ["22-llama-3-1-8b-tp1-general-1/0", "h100-sxm", "llama-3.1-8b", 1, 1024, 28469, 8, 547, 248, 4800, 1.985, 0.02603, 0.007931],
  ["22-llama-3-1-8b-tp1-general-1/1", "h100-sxm", "llama-3.1-8b", 1, 1024, 28469, 20, 547, 248, 12000, 2.582, 0.03332, 0.01032],
  ["23-llama-3-1-8b-tp1-general-1/0", "h100-sxm", "llama-3.1-8b", 1, 8192, 28469, 8, 547, 248, 4800, 1.885, 0.02565, 0.007527],
  ["23-llama-3-1-8b-tp1-general-1/1", "h100-sxm", "llama-3.1-8b", 1, 8192, 28469, 20, 547, 248, 12000, 2.236, 0.03041, 0.00893],
  ["24-llama-3-1-8b-tp1-general-1/0", "h100-sxm", "llama-3.1-8b", 1, 2048, 28469, 8, 547, 248, 4800, 1.858, 0.02611, 0.007415],
  ["24-llama-3-1-8b-tp1-general-1/1", "h100-sxm", "llama-3.1-8b", 1, 2048, 28469, 20, 547, 248, 12000, 2.23, 0.031, 0.008902],
  ["25-llama-3-1-8b-tp1-general-1/0", "h100-sxm", "llama-3.1-8b", 1, 2048, 30495, 8, 547, 248, 4800, 1.899, 0.02518, 0.007585],
  ["25-llama-3-1-8b-tp1-general-1/1", "h100-sxm", "llama-3.1-8b", 1, 2048, 30495, 20, 547, 248, 12000, 2.23, 0.0294, 0.008909],
  ["26-llama-3-1-8b-tp2-general-2/0", "h100-sxm", "llama-3.1-8b", 2, 2048, 64215, 8, 547, 248, 4800, 1.228, 0.01905, 0.004896],
  ["26-llama-3-1-8b-tp2-general-2/1", "h100-sxm", "llama-3.1-8b", 2, 2048, 64215, 20, 547, 248, 12000, 1.407, 0.02171, 0.005609],
  ["27-mixtral-8x7b-tp2-general-lite-2-1/0", "h100-sxm", "mixtral-8x7b", 2, 1024, 27615, 2.5, 547, 248, 1500, 4.055, 0.0563, 0.01619],
  ["27-mixtral-8x7b-tp2-general-lite-2-1/1", "h100-sxm", "mixtral-8x7b", 2, 1024, 27615, 6, 547, 248, 3600, 4.617, 0.05334, 0.01847],
  ["28-mixtral-8x7b-tp2-general-2/0", "h100-sxm", "mixtral-8x7b", 2, 8192, 27615, 8, 547, 248, 4800, 4.806, 0.06695, 0.01919],
  ["28-mixtral-8x7b-tp2-general-2/1", "h100-sxm", "mixtral-8x7b", 2, 8192, 27615, 20, 547, 248, 12000, 5.121, 0.06241, 0.02048],
  ["29-mixtral-8x7b-tp2-general-2/0", "h100-sxm", "mixtral-8x7b", 2, 2048, 27615, 8, 547, 248, 4800, 4.8, 0.06455, 0.01917],
  ["29-mixtral-8x7b-tp2-general-2/1", "h100-sxm", "mixtral-8x7b", 2, 2048, 27615, 20, 547, 248, 12000, 5.112, 0.06609, 0.02043],
  ["30-mixtral-8x7b-tp2-general-2/0", "h100-sxm", "mixtral-8x7b", 2, 2048, 31666, 8, 547, 248, 4800, 4.802, 0.07022, 0.01916],
  ["30-mixtral-8x7b-tp2-general-2/1", "h100-sxm", "mixtral-8x7b", 2, 2048, 31666, 20, 547, 248, 12000, 5.079, 0.06121, 0.02032],
  ["31-mixtral-8x7b-tp4-general-4/0", "h100-sxm", "mixtral-8x7b", 4, 2048, 99769, 8, 547, 248, 4800, 2.57, 0.03766, 0.01025],
  ["31-mixtral-8x7b-tp4-general-4/1", "h100-sxm", "mixtral-8x7b", 4, 2048, 99769, 20, 547, 248, 12000, 2.891, 0.03677, 0.01156],
  ["38-llama-3-1-8b-tp1-general-lite-1-1/0", "a100-80-sxm", "llama-3.1-8b", 1, 2048, 28469, 2.5, 547, 248, 1500, 3.067, 0.04221, 0.01225],
  ["38-llama-3-1-8b-tp1-general-lite-1-1/1", "a100-80-sxm", "llama-3.1-8b", 1, 2048, 28469, 6, 547, 248, 3600, 3.62, 0.04595, 0.01447],
  ["46-llama-3-1-8b-tp1-reasoning-1/0", "h100-sxm", "llama-3.1-8b", 1, 2048, 28469, 4, 1034, 1448, 4800, 22.75, 0.05008, 0.01569],
  ["56-mixtral-8x7b-tp2-general-2-1/0", "h100-sxm", "mixtral-8x7b", 2, 2048, 27615, 8, 547, 248, 4800, 4.811, 0.06369, 0.01922],
  ["56-mixtral-8x7b-tp2-general-2-1/1", "h100-sxm", "mixtral-8x7b", 2, 2048, 27615, 20, 547, 248, 12000, 5.123, 0.0626, 0.02049],
  ["64-qwen2-5-7b-instruct-tp1-roleplay-1-1/0", "h100-sxm", "qwen2.5-7b", 1, 2048, 65352, 6, 750, 251, 7200, 1.772, 0.02672, 0.00698],
  [
    "66-qwen2-5-7b-instruct-tp1-reasoning-lite-1-1/0",
    "h100-sxm",
    "qwen2.5-7b",
    1,
    1024,
    65368,
    1,
    1034,
    1448,
    1200,
    10.66,
    0.03077,
    0.007347,
  ],
  ["67-llama-2-7b-hf-tp1-reasoning-lite-1-1/0", "h100-sxm", "llama-2-7b", 1, 2048, 7463, 1, 1034, 1448, 1200, 17.06, 0.0551, 0.01175],
];

/** A cache that cannot hold a round of its prompts finds none: its prompts count as distinct. */
const WITHOUT_HITS = "67-llama-2-7b-hf-tp1-reasoning-lite-1-1/0";
/** 100 prompts repeat in turn. */
const PROMPTS = 100;

/** Parameters of the roofline that were fitted to other runs of the same model and sharding on H100. */
const FITTED: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  "mixtral-8x7b TP2": {
    computeScale: 0.9768,
    memoryScale: 1.111,
    attentionScale: 0.9801,
    kvScale: 1.012,
    linkScale: 0.9075,
    linkLatency: 3.106,
    layerScale: 0.7548,
    iterationOverhead: 2034,
    requestOverhead: 9.73,
  },
  "llama-3.1-8b TP1": {
    computeScale: 0.9935,
    memoryScale: 0.9856,
    attentionScale: 0.9911,
    kvScale: 0.9607,
    layerScale: 1.076,
    iterationOverhead: 442.5,
    requestOverhead: 16.97,
  },
  "llama-2-7b TP1": {
    computeScale: 1.027,
    memoryScale: 1.046,
    attentionScale: 0.9947,
    kvScale: 1.002,
    layerScale: 0.9395,
    iterationOverhead: 756.2,
    requestOverhead: 3.649,
  },
};
/** Runs that those were fitted to. */
const FITTED_TO = /^(16|18|19|46)-/;

export interface VllmRun {
  readonly name: string;
  readonly setup: RunSetup;
  /** Seconds. */
  readonly measured: { readonly E2E: number; readonly TTFT: number; readonly TPOT: number };
}

const runOf = ([name, gpu, model, tensorParallel, chunk, kvBlocks, rate, prompt, output, requests, E2E, TTFT, TPOT]: Row): VllmRun => ({
  name,
  setup: {
    gpu,
    model,
    tensorParallel,
    weights: "bf16",
    scheduler: "chunked",
    planAhead: true,
    cutsPrompts: true,
    pollInterval: 1,
    chunk,
    batchCap: 128,
    kvBlocks,
    prompt,
    output,
    shortest: 1,
    distinct: name === WITHOUT_HITS ? null : PROMPTS,
    rate,
    users: null,
    requests,
  },
  measured: { E2E, TTFT, TPOT },
});

/** Times from specifications alone. */
export const fromSpecifications: readonly VllmRun[] = ROWS.map(runOf);

/** Runs of what was fitted, but not those that it was fitted to. */
export const calibrated: readonly VllmRun[] = fromSpecifications.flatMap((run) => {
  const { gpu, model, tensorParallel } = run.setup;
  const roofline = gpu === "h100-sxm" ? FITTED[`${model} TP${tensorParallel}`] : undefined;
  return roofline === undefined || FITTED_TO.test(run.name) ? [] : [{ ...run, setup: { ...run.setup, roofline } }];
});

export function cardRunOf({ name, setup, measured }: VllmRun): CardRun {
  const scenario = scenarioOf({ name, setup, measured, errors: {} });
  if (scenario === null) throw new Error(`${name} is no scenario.`);
  return { key: name, scenario };
}

/** One is made when it is asked for. */
export function* cardRunsOf(runs: readonly VllmRun[]): Generator<CardRun> {
  for (const run of runs) yield cardRunOf(run);
}

/** Seconds that client, HTTP and tokeniser add to each first token, as the training runs of the same source had them; the simulator has no such time. */
const CLIENT = 0.007;

export interface Simulated {
  readonly E2E: number;
  readonly TTFT: number;
  readonly TPOT: number;
}

/** Means as the client would report them. */
export function simulated({ metrics }: MeasuredFigures): Simulated {
  return { E2E: metrics["e2e.mean"]! + CLIENT, TTFT: metrics["ttft.mean"]! + CLIENT, TPOT: metrics["tpot.mean"]! };
}

/** Median over the runs of the size of an error, %. */
export function medianError(runs: readonly VllmRun[], of: (key: string) => MeasuredFigures, quantity: keyof Simulated): number {
  const errors = runs
    .map(({ name, measured }) => 100 * Math.abs(simulated(of(name))[quantity] / measured[quantity] - 1))
    .sort((a, b) => a - b);
  const middle = (errors.length - 1) / 2;
  return (errors[Math.floor(middle)]! + errors[Math.ceil(middle)]!) / 2;
}

/** Simulated against measured E2E; the circles are the measured ones, on the diagonal. */
export function e2eChart(runs: readonly VllmRun[], of: (key: string) => MeasuredFigures): CardChart {
  const sorted = runs.toSorted((a, b) => a.measured.E2E - b.measured.E2E);
  return {
    x: "measured E2E, s",
    y: "simulated E2E, s",
    series: [
      {
        name: "runs",
        kind: "line",
        ours: sorted.map(({ name, measured }) => [measured.E2E, simulated(of(name)).E2E]),
        published: sorted.map(({ measured }) => [measured.E2E, measured.E2E]),
      },
    ],
  };
}
