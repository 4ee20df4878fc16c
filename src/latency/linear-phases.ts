// Batch time as two linear functions: of prompt tokens for prefills, of requests and context for decodes.
// Coefficients: Ying1123/VTC-artifact, commit 192c2e2 (S-LoRA on one GPU, 16-bit weights). A10G: least squares of relative errors on the artifact's profile of its
// kernels (prefills of all 23 batches, 3 %, in tiles of 128 tokens, which leave the smallest error; decode steps of the 12 with up to 50 requests and more than one
// token, 1 %), and host time of 0.1 ms and 83 us per request in each step, by which the runs overload and poisson_short_long under VTC take as long as recorded; the
// makespans of its other 16 runs are then within 2.5 %. A100: our fit of the makespans of three runs, within 3.5 %.
import { choice, integer, number } from "../engine/params.ts";
import type { Values } from "../engine/params.ts";
import type { BatchShape, DecodeForm, LatencyModel } from "../engine/contracts.ts";
import { defineLatency } from "./types.ts";
import type { LatencyTerm } from "./types.ts";

interface Coefficients {
  /** Seconds of a batch of prompts, and per token of it. */
  readonly prefill: number;
  readonly perToken: number;
  /** Prompt tokens of a batch count as the next multiple of this: matrix products are computed in tiles of so many rows. */
  readonly tile: number;
  /** Seconds of a batch with decodes, per decode, and per token of their context. */
  readonly decode: number;
  readonly perDecode: number;
  readonly perContext: number;
}

const fitted = {
  "a10g-llama-7b": { prefill: 0.0338, perToken: 2.12e-4, tile: 128, decode: 0.0298, perDecode: 1.28e-4, perContext: 9.6e-7 },
  "a100-llama-13b": { prefill: 0.01237, perToken: 1.154e-4, tile: 1, decode: 0.0215, perDecode: 1.1e-4, perContext: 5.3e-7 },
} as const satisfies Record<string, Coefficients>;

const SOURCES = {
  "a10g-llama-7b": "the VTC artifact's profile of its kernels, and host time from the makespans of two of its runs",
  "a100-llama-13b": "fitted to the makespans of the VTC artifact's runs",
  custom: "your own",
} as const;

const perToken = { min: 0, max: 1, unit: "s/tok", scale: "log" } as const;
const fixed = { min: 1e-6, max: 100, unit: "s", scale: "log" } as const;

const params = {
  coefficients: choice(
    "a10g-llama-7b",
    { "a10g-llama-7b": "Llama-7B on an A10G", "a100-llama-13b": "Llama-13B on an A100 80GB", custom: "Custom (the fields below)" },
    "From the VTC artifact's profile (A10G) and runs, or your own. They hold for the hardware they were fitted on, whatever GPU the pool names.",
  ),
  prefill: number(0.0338, "Time of a batch of prompts without decodes, beside its tokens. Used with Custom.", fixed),
  perToken: number(2.12e-4, "Time per prompt token. Used with Custom.", perToken),
  tile: integer(128, "Prompt tokens of a batch count as the next multiple of this, as the GPU computes them. Used with Custom.", {
    label: "Tile",
    min: 1,
    max: 4096,
    unit: "tok",
    scale: "log",
  }),
  decode: number(0.0298, "Time of a batch with decodes, beside those. Used with Custom.", fixed),
  perDecode: number(1.28e-4, "Time per decode. Used with Custom.", { ...perToken, unit: "s/req" }),
  perContext: number(9.6e-7, "Time per token already in the KV cache of the batch's requests. Used with Custom.", perToken),
};

const coefficientsOf = ({ coefficients, ...own }: Values<typeof params>): Coefficients =>
  coefficients === "custom" ? own : fitted[coefficients];

class PhasesModel implements LatencyModel {
  private readonly at: Coefficients;

  constructor(c: Coefficients, stages: number) {
    // The coefficients stand for the whole model: a stage has its share.
    this.at = {
      prefill: c.prefill / stages,
      perToken: c.perToken / stages,
      tile: c.tile,
      decode: c.decode / stages,
      perDecode: c.perDecode / stages,
      perContext: c.perContext / stages,
    };
  }

  // The order of the operations is the same in both, so that they agree to the last bit.
  iteration({ prefillTokens, decodeRequests, decodeContext, prefillContext }: BatchShape): number {
    const { prefill, perToken: each, tile, decode, perDecode, perContext } = this.at;
    const decodes = decodeRequests > 0 ? decode + perDecode * decodeRequests : 0;
    // Prompts do not get faster by a decode beside them: the profile has the two apart, and its prompts the higher start.
    const base = prefillTokens > 0 ? Math.max(prefill, decodes) : decodes;
    return base + each * (Math.ceil(prefillTokens / tile) * tile) + perContext * (decodeContext + prefillContext);
  }

  decodeForm(requests: number, _context: number, into: DecodeForm): void {
    into.base = this.at.decode + this.at.perDecode * requests;
    into.perContext = this.at.perContext;
    into.below = Infinity;
  }
}

export const linearPhases = defineLatency({
  kind: "latency",
  id: "linear-phases",
  label: "Linear by phase",
  help: "Prefill = a0 + a1 x tokens, in whole tiles; decode = b0 + b1 x requests + b2 x context; a batch of both: a1 x tokens beside the longer of a0 and the decodes. From the profile and the runs of the VTC artifact; it knows nothing of the GPU.",
  reads: ["prefillTokens", "decodeRequests", "decodeContext", "prefillContext"],
  params,
  create: (values, shard) => new PhasesModel(coefficientsOf(values), shard.pipelineParallel),
  explain: (values) => {
    const c = coefficientsOf(values);
    const source = SOURCES[values.coefficients];
    const term = (label: string, value: number, unit: string): LatencyTerm => ({ label, value, unit, source });
    return [
      term("Batch of prompts", c.prefill * 1e3, "ms"),
      term("Per prompt token", c.perToken * 1e6, "us/tok"),
      term("Batch with decodes", c.decode * 1e3, "ms"),
      term("Per decode", c.perDecode * 1e6, "us/req"),
      term("Per token of context", c.perContext * 1e6, "us/tok"),
      term("One decode, context 1,000", (c.decode + c.perDecode + 1000 * c.perContext) * 1e3, "ms"),
      term("64 decodes, context 1,000 each", (c.decode + 64 * (c.perDecode + 1000 * c.perContext)) * 1e3, "ms"),
      term("Prefill of 1,000 tokens", (c.prefill + 1000 * c.perToken) * 1e3, "ms"),
    ];
  },
});
