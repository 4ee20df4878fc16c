// Bytes and arithmetic of the weights: what a shard reads, and at which peak it computes.
import type { Gpu, Model } from "../catalog/types.ts";
import { choice } from "../engine/params.ts";
import type { ChoiceParam } from "../engine/params.ts";

/** `native`: as released (bf16, fp16, fp8, or mxfp4 experts). */
export type WeightPrecision = "native" | "bf16" | "fp8";

/** The descriptor shared by latency models that depend on the weights' precision. */
export const weightsParam: ChoiceParam<WeightPrecision> = choice(
  "native",
  { native: "As released", bf16: "bf16 (16 bit)", fp8: "fp8 (8 bit)" },
  "Precision of the weights. fp8 computes at the fp8 peak where the GPU has one; 4-bit experts compute at the bf16 peak.",
  "Weights",
);

/** Precision among the parameter values of a latency model; models without the parameter take the released weights. */
export function weightPrecisionOf(values: Readonly<Record<string, unknown>> | undefined): WeightPrecision {
  const value = values?.["weights"];
  return value === "bf16" || value === "fp8" ? value : "native";
}

export interface WeightFormat {
  /** Bytes per parameter of the routed experts, and of everything else. */
  readonly expertBytes: number;
  readonly denseBytes: number;
  readonly fp8Compute: boolean;
}

/** 4-bit values with one 8-bit scale per 32 (OCP Microscaling Formats, MXFP4). */
const MXFP4_BYTES = 4.25 / 8;

export function weightFormat(gpu: Gpu, model: Model, precision: WeightPrecision): WeightFormat {
  const dtype = precision === "native" ? model.nativeDtype : precision;
  if (dtype === "fp8") return { expertBytes: 1, denseBytes: 1, fp8Compute: gpu.fp8FlopsPerS.value !== null };
  if (dtype === "mxfp4") return { expertBytes: MXFP4_BYTES, denseBytes: 2, fp8Compute: false };
  return { expertBytes: 2, denseBytes: 2, fp8Compute: false };
}
