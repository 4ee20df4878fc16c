// How far the simulator is from measured runs: the figures of the conformance suite `measured` as data, and a run as a scenario.
import type { Scenario } from "../scenario/types.ts";
import { parseScenario } from "../scenario/schema.ts";

/** In the order in which they are shown. P90 and P99 are reported where they were recorded, and not judged. */
export const QUANTITIES = ["E2E", "TTFT", "TPOT", "throughput", "E2E P90", "E2E P99", "TTFT P90", "TTFT P99"] as const;
export type Quantity = (typeof QUANTITIES)[number];
export type ByQuantity = Readonly<Partial<Record<Quantity, number>>>;

/** Never mixed: a model fitted to other runs or batches of the same GPU and model; specifications alone, requests at given times; requests in flight; one batch. */
export type ValidationClass = "calibrated" | "online" | "closed" | "offline";

/** The engine and the traffic of a run, as far as a scenario holds them. */
export interface RunSetup {
  readonly gpu: string;
  readonly model: string;
  readonly tensorParallel: number;
  readonly weights: "bf16" | "fp8";
  readonly scheduler: "chunked" | "prompts-first";
  readonly planAhead: boolean;
  readonly cutsPrompts: boolean;
  readonly pollInterval: number;
  readonly chunk: number;
  readonly batchCap: number;
  readonly kvBlocks: number;
  readonly prompt: number;
  readonly output: number;
  /** Shortest length as a share of the nominal one. */
  readonly shortest: number;
  /** Distinct prompts, where a prefix cache finds them again. */
  readonly distinct: number | null;
  /** Requests per second, evenly spaced; or requests in flight. */
  readonly rate: number | null;
  readonly users: number | null;
  readonly requests: number;
  /** Parameters of the roofline in place of its defaults. */
  readonly roofline?: Readonly<Record<string, number>>;
}

export interface ValidationRun {
  readonly name: string;
  /** Seconds; throughput in output tokens per second. */
  readonly measured: ByQuantity;
  /** Simulated / measured - 1. */
  readonly errors: ByQuantity;
  readonly setup?: RunSetup | undefined;
}

export interface ValidationSet {
  /** Name of its case in the suite. */
  readonly id: string;
  readonly kind: ValidationClass;
  /** Folder of the data. */
  readonly dataset: string;
  /** GPU, engine, model: what the runs have in common. */
  readonly about: string;
  readonly runs: number;
  /** Median size of the error, and the median with its sign. */
  readonly median: ByQuantity;
  readonly bias: ByQuantity;
  readonly limits: ByQuantity;
  /** Why these limits; null for the targets themselves. */
  readonly cause: string | null;
  /** What was fitted, and to which runs: none of them is scored. Null: nothing. */
  readonly fitted: string | null;
  /** Of the runs that are furthest off, what is known of the cause; null where nothing is. */
  readonly why: string | null;
  /** Runs that are shown: the worst first, then an even share of the others. */
  readonly shown: readonly ValidationRun[];
  readonly worst: number;
}

export interface ValidationFigures {
  /** Sources of the data, by folder. */
  readonly sources: Readonly<Record<string, string>>;
  /** SHA-256 of the files that were read, by path: what the figures hold for. */
  readonly files: Readonly<Record<string, string>>;
  readonly sets: readonly ValidationSet[];
  /** Runs that were left out, by reason. */
  readonly leftOut: readonly { readonly dataset: string; readonly runs: number; readonly why: string }[];
}

/** Errors of other simulators as their authors publish them, on runs of their own choice, percent. */
export const PUBLISHED = [
  {
    name: "BLIS",
    about: "vLLM on H100 and A100; the online runs here are of its validation set, those whose model the catalog has",
    errors: { E2E: 6.7, TTFT: 17.6, TPOT: 7.1 },
    source: "inference-sim/sim-to-real-accuracy-validation (its ITL counts tokens of re-tokenised text)",
  },
  {
    name: "LLMServingSim, calibrated",
    about: "vLLM on RTX PRO 6000, the worst of its runs",
    errors: { E2E: 2.2, TTFT: 13.6, TPOT: 1.7 },
    source: "casys-kaist/LLMServingSim",
  },
] as const;

/** The run as a scenario of one replica; seconds of client and server are not in it. Null where a figure is not in the catalog. */
export function scenarioOf({ name, setup }: ValidationRun): Scenario | null {
  if (setup === undefined) return null;
  const { gpu, model, tensorParallel, weights, chunk, batchCap, kvBlocks, prompt, output, shortest, distinct, rate, users, requests } =
    setup;
  const least = (nominal: number): number => Math.max(1, Math.round(nominal * shortest));
  const lengths =
    distinct !== null
      ? {
          id: "shared-prefixes",
          params: { prefixes: distinct, prefixTokens: prompt - 1, suffixes: 1, suffixTokens: 1, outputMin: output, outputMax: output },
        }
      : shortest < 1
        ? { id: "uniform", params: { promptMin: least(prompt), promptMax: prompt, outputMin: least(output), outputMax: output } }
        : { id: "fixed", params: { prompt, output } };
  const outcome = parseScenario({
    version: 1,
    name: name.slice(0, 80),
    traffic: {
      source: {
        kind: "synthetic",
        arrivals: rate === null ? { id: "closed-loop", params: { concurrency: users } } : { id: "constant", params: { rate } },
        lengths,
      },
      maxRequests: requests,
      maxSeconds: null,
    },
    model,
    pools: [
      {
        name: "measured",
        gpu,
        replicas: 1,
        tensorParallel,
        batching:
          setup.scheduler === "chunked"
            ? { id: "sarathi", params: { chunk, batchCap, watermark: 0, planAhead: setup.planAhead, wholePrompts: !setup.cutsPrompts } }
            : { id: "vllm", params: { maxTokens: chunk, batchCap, watermark: 0, pollInterval: setup.pollInterval } },
        latency: { id: "roofline", params: { weights, ...setup.roofline } },
        kv: { blocks: kvBlocks, ...(distinct === null ? {} : { prefixCaching: true }) },
      },
    ],
  });
  return outcome.ok ? outcome.scenario : null;
}
