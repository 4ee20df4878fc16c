// What share of the peak and of the bandwidth single kernels reach, by GPU architecture: medians of measurements, not fitted to whole runs.
import type { Gpu } from "../catalog/types.ts";

export interface Efficiency {
  /** Matrix products: share of the dense peak, at 16 bits and at fp8, and share of the bandwidth when they read weights. */
  readonly compute: number;
  readonly computeFp8: number;
  readonly memory: number;
  /** Prefill attention: share of the peak on long prompts, and how many more tokens of context each token seems to see (tiles, start-up). */
  readonly attention: number;
  readonly attentionRampTokens: number;
  /** Decode attention: share of the bandwidth when it reads the KV cache. */
  readonly kv: number;
  /** Norms, rotary, activation: share of the bandwidth. */
  readonly elementwise: number;
  /** All-reduce: share of the link. */
  readonly link: number;
  /** Seconds of one layer's kernels that do not shrink with the batch: four matrix products, attention, the small ones. */
  readonly layerSeconds: number;
  /** Whether one attention kernel serves prefills and decodes without reading the KV cache once per query head (FlashAttention 3 does). */
  readonly packsMixedBatches: boolean;
  readonly source: string;
}

const TABLES = "ai-dynamo/aiconfigurator@095f58a, vLLM kernel tables";
const VIDUR = "microsoft/vidur@7d47513, operator profiles";

const hopper: Efficiency = {
  compute: 0.82,
  computeFp8: 0.57,
  memory: 0.9,
  attention: 0.66,
  attentionRampTokens: 500,
  kv: 0.9,
  elementwise: 0.5,
  link: 0.55,
  layerSeconds: 36e-6,
  packsMixedBatches: true,
  source: `${TABLES} (H100); ${VIDUR} (H100)`,
};
const ampere: Efficiency = {
  compute: 0.76,
  computeFp8: 0.57,
  memory: 0.76,
  attention: 0.57,
  attentionRampTokens: 200,
  kv: 0.72,
  elementwise: 0.45,
  link: 0.55,
  layerSeconds: 42e-6,
  packsMixedBatches: false,
  source: `${TABLES} (A100); ${VIDUR} (A100, A30)`,
};
const ada: Efficiency = {
  compute: 0.67,
  computeFp8: 0.46,
  memory: 0.8,
  attention: 0.58,
  attentionRampTokens: 200,
  kv: 0.9,
  elementwise: 0.6,
  link: 0.55,
  layerSeconds: 25e-6,
  packsMixedBatches: false,
  source: `${TABLES} (L40S)`,
};
const blackwellWorkstation: Efficiency = {
  compute: 0.88,
  computeFp8: 0.6,
  memory: 0.85,
  attention: 0.55,
  attentionRampTokens: 350,
  kv: 0.83,
  elementwise: 0.8,
  link: 0.55,
  layerSeconds: 34e-6,
  packsMixedBatches: false,
  source: "casys-kaist/LLMServingSim@5daddb2, layer profiles (RTX PRO 6000)",
};

/** By the start of the architecture's name in the catalog. */
const measured: readonly (readonly [string, Efficiency])[] = [
  ["Hopper", hopper],
  ["Ampere GA100", ampere],
  ["Ampere GA102", { ...ada, source: `not measured: taken from L40S (${TABLES})` }],
  ["Ada", ada],
  ["Blackwell GB202", blackwellWorkstation],
];
const unknown: Efficiency = { ...hopper, source: `not measured: taken from H100 (${TABLES})` };

export const efficiencyOf = (gpu: Gpu): Efficiency => measured.find(([name]) => gpu.architecture.startsWith(name))?.[1] ?? unknown;
