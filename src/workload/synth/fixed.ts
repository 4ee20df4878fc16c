// Every request alike: for experiments in which lengths must not matter.
import { integer } from "../../engine/params.ts";
import { defineLengths } from "./types.ts";

export const fixed = defineLengths({
  id: "fixed",
  label: "Fixed",
  help: "Every prompt and every output has the same length.",
  params: {
    prompt: integer(1024, "Prompt tokens of every request.", { min: 1, max: 10000000, unit: "tok", scale: "log" }),
    output: integer(256, "Output tokens of every request.", { min: 1, max: 10000000, unit: "tok", scale: "log" }),
  },
  create: ({ prompt, output }) => ({
    fill: (into) => {
      into.promptTokens = prompt;
      into.outputTokens = output;
    },
  }),
});
