// Lengths from the user's own quantile tables.
import { number, table } from "../../engine/params.ts";
import { quantileAt, quantileTable } from "./quantiles.ts";
import { defineLengths, wholeTokens } from "./types.ts";

const columns = [
  { id: "p", label: "Share at most", min: 0, max: 1 },
  { id: "tokens", label: "Length", unit: "tok", min: 1, max: 10000000 },
];

const drawTable = (rows: readonly (readonly number[])[]) =>
  quantileTable(
    rows.map((row) => row[0] ?? 0),
    rows.map((row) => row[1] ?? 1),
  );

export const quantileLengths = defineLengths({
  id: "quantiles",
  label: "Quantile tables",
  help: "Measured lengths as quantiles: straight lines between the rows. Equal rows make a point mass, such as a context limit.",
  params: {
    prompt: table(
      [
        [0, 16],
        [0.5, 1020],
        [0.9, 4075],
        [1, 14050],
      ],
      columns,
      "This share of the prompts is at most this long.",
    ),
    output: table(
      [
        [0, 4],
        [0.5, 129],
        [0.9, 424],
        [1, 1000],
      ],
      columns,
      "This share of the outputs is at most this long.",
    ),
    correlation: number(0, "Share of requests whose output has the same rank as their prompt: the rank correlation of the two.", {
      min: 0,
      max: 1,
      step: 0.01,
    }),
  },
  create: ({ prompt, output, correlation }, { random }) => {
    const prompts = drawTable(prompt);
    const outputs = drawTable(output);
    return {
      fill: (into) => {
        const u = random.uniform();
        const own = random.uniform();
        const together = correlation > 0 && random.uniform() < correlation;
        into.promptTokens = wholeTokens(quantileAt(prompts, u));
        into.outputTokens = wholeTokens(quantileAt(outputs, together ? u : own));
      },
    };
  },
});
