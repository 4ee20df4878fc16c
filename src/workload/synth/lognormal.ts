// Lognormal lengths, by mean and coefficient of variation, clipped to bounds.
import { drawNormal, exp, ln } from "../../engine/kernel/math.ts";
import { integer, number } from "../../engine/params.ts";
import { defineLengths, wholeTokens } from "./types.ts";

export const lognormal = defineLengths({
  id: "lognormal",
  label: "Lognormal",
  help: "Many short and a few very long: set the mean and the CV (standard deviation / mean) of each, before clipping to the longest.",
  params: {
    promptMean: number(1024, "Mean prompt.", { min: 1, max: 10000000, unit: "tok", scale: "log" }),
    promptCv: number(1, "CV of prompts; 0 = all alike.", { min: 0, max: 20 }),
    promptMax: integer(32768, "Longest prompt.", { min: 1, max: 10000000, unit: "tok", scale: "log" }),
    outputMean: number(256, "Mean output.", { min: 1, max: 10000000, unit: "tok", scale: "log" }),
    outputCv: number(1, "CV of outputs; 0 = all alike.", { min: 0, max: 20 }),
    outputMax: integer(4096, "Longest output.", { min: 1, max: 10000000, unit: "tok", scale: "log" }),
  },
  create: ({ promptMean, promptCv, promptMax, outputMean, outputCv, outputMax }, { random }) => {
    // For a lognormal: sigma^2 = ln(1 + CV^2), mu = ln(mean) - sigma^2 / 2.
    const promptVariance = ln(1 + promptCv * promptCv);
    const promptMu = ln(promptMean) - promptVariance / 2;
    const promptSigma = Math.sqrt(promptVariance);
    const outputVariance = ln(1 + outputCv * outputCv);
    const outputMu = ln(outputMean) - outputVariance / 2;
    const outputSigma = Math.sqrt(outputVariance);
    return {
      fill: (into) => {
        into.promptTokens = Math.min(promptMax, wholeTokens(exp(promptMu + promptSigma * drawNormal(random))));
        into.outputTokens = Math.min(outputMax, wholeTokens(exp(outputMu + outputSigma * drawNormal(random))));
      },
    };
  },
});
