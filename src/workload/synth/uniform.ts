// Uniform lengths: prompt and output drawn apart, or a uniform total that is split by a fixed ratio (Vidur's generator).
import { choice, integer, number } from "../../engine/params.ts";
import { defineLengths } from "./types.ts";

export const uniform = defineLengths({
  id: "uniform",
  label: "Uniform",
  help: "Lengths spread evenly between two bounds: prompt and output apart, or a total that is split by a ratio, as Vidur's generator does.",
  params: {
    split: choice("apart", { apart: "prompt and output apart", ratio: "a total, split by a ratio" }, "What is drawn."),
    promptMin: integer(128, "Shortest prompt (apart).", { min: 1, max: 10000000, unit: "tok", scale: "log" }),
    promptMax: integer(2048, "Longest prompt (apart).", { min: 1, max: 10000000, unit: "tok", scale: "log" }),
    outputMin: integer(16, "Shortest output (apart).", { min: 1, max: 10000000, unit: "tok", scale: "log" }),
    outputMax: integer(512, "Longest output (apart).", { min: 1, max: 10000000, unit: "tok", scale: "log" }),
    totalMin: integer(1024, "Fewest tokens in all (ratio).", { min: 2, max: 10000000, unit: "tok", scale: "log" }),
    totalMax: integer(4096, "Most tokens in all (ratio).", { min: 2, max: 10000000, unit: "tok", scale: "log" }),
    ratio: number(20, "Prompt tokens per output token (ratio).", { min: 0.001, max: 100000, scale: "log" }),
  },
  create: (values, { random }) => {
    const { promptMin, promptMax, outputMin, outputMax, totalMin, totalMax, ratio } = values;
    const prompts = Math.max(1, promptMax - promptMin + 1);
    const outputs = Math.max(1, outputMax - outputMin + 1);
    if (values.split === "apart") {
      return {
        fill: (into) => {
          into.promptTokens = promptMin + random.below(prompts);
          into.outputTokens = outputMin + random.below(outputs);
        },
      };
    }
    return {
      fill: (into) => {
        const total = totalMin + (totalMax - totalMin) * random.uniform();
        const output = Math.ceil(total / (1 + ratio));
        into.outputTokens = output;
        into.promptTokens = Math.max(1, Math.floor(total - output));
      },
    };
  },
});
