// A fitted model as a pool's latency: its range, its draws, its figures.
import type { BatchShape, LatencyModel } from "../engine/contracts.ts";
import type { FittedModel } from "./fit/model-file.ts";
import { drawCoefficients } from "./fit/draws.ts";
import { FittedTime } from "./fitted-time.ts";
import { PlanesTime } from "./fitted-planes.ts";
import { emptyShape } from "./shape.ts";
import { LatencyProblem } from "./types.ts";
import type { LatencyTerm, OpenProfile, ProfileRange } from "./types.ts";

/** The times of a model, of one sum or of several. */
const timesOf = (model: Pick<FittedModel, "terms">, stages: number): LatencyModel =>
  model.terms.some(({ plane }) => plane !== undefined) ? new PlanesTime(model.terms, stages) : new FittedTime(model, stages);

/** The largest of a quantity in all regions. */
const most = ({ hull }: FittedModel, key: "P" | "D" | "T" | "context"): number =>
  Math.max(1, ...Object.values(hull).map((ranges) => ranges[key][1]));

function rangeOf(model: FittedModel): ProfileRange {
  // A model of decodes alone was measured for no prompt at all: the tokens of its batches are its limit.
  const chunk = most(model, "P");
  return {
    tokens: most(model, "T"),
    decodes: most(model, "D"),
    context: most(model, "context"),
    chunk: chunk > 1 ? chunk : most(model, "T"),
  };
}

/** Seconds per unit of a term as a figure for people. */
function figureOf(term: string, seconds: number): Pick<LatencyTerm, "value" | "unit"> {
  if (term === "1" || term === "pre") return { value: 1e3 * seconds, unit: "ms" };
  return /C|K|W|past/.test(term) ? { value: 1e9 * seconds, unit: "ns" } : { value: 1e6 * seconds, unit: "us" };
}

/** The model with the coefficients of one of its draws; 0 for its own. */
function withDraw(model: FittedModel, draw: number, name: string): Pick<FittedModel, "terms"> {
  if (draw === 0) return model;
  const { draws, terms } = model;
  if (draws === undefined)
    throw new LatencyProblem(
      model.bootstrap?.drawsHash === undefined
        ? `The fitted model "${name}" has no draws, so that there is no draw ${draw}: fit it again with intervals.`
        : `The fitted model "${name}" came without its draws, so that there is no draw ${draw}: give the file that \`goodput fit --out\` wrote.`,
    );
  if (draw > draws.count)
    throw new LatencyProblem(
      `The fitted model "${name}" has ${draws.count} draws, so that there is no draw ${draw}: give at most ${draws.count}.`,
    );
  const coefficients = drawCoefficients(draws, draw);
  return { terms: terms.map((term, j) => ({ ...term, coefficient: coefficients[j]! })) };
}

/** A fitted model ready for use; `name` is how figures call it. */
export function openFitted(model: FittedModel, name: string): OpenProfile {
  const range = rangeOf(model);
  return {
    kind: "fitted",
    problem: () => null,
    range: () => range,
    draws: model.draws?.count ?? 0,
    create: (shard, _overheads, _blockSize, draw = 0) => timesOf(withDraw(model, draw, name), shard.pipelineParallel),
    explain: (shard) => {
      const time = timesOf(model, shard.pipelineParallel);
      const source = `fitted model ${name}`;
      const ms = (label: string, shape: Partial<BatchShape>): LatencyTerm => ({
        label,
        value: 1e3 * time.iteration({ ...emptyShape, ...shape }, 0),
        unit: "ms",
        source,
      });
      const measured = (label: string, value: number, unit: string): LatencyTerm => ({
        label: `Measured to, ${label}`,
        value,
        unit,
        source,
      });
      return [
        ms("One decode, context 1,000", { decodeRequests: 1, decodeContext: 1000 }),
        ms("64 decodes, context 1,000 each", { decodeRequests: 64, decodeContext: 64_000 }),
        ms("Prefill of 1,000 tokens", { prefillRequests: 1, prefillTokens: 1000, prefillWork: 5e5, prefillSquares: 1e6 }),
        ...model.terms
          .filter(({ coefficient }) => coefficient > 0)
          .map(({ term, plane, coefficient }): LatencyTerm => ({
            label: `${plane === undefined ? "" : `Plane ${plane + 1}: `}${term === "1" ? "Every iteration" : `Per ${term}`}`,
            ...figureOf(term, coefficient),
            source,
          })),
        {
          label: "Error of held-out rows",
          value: model.errors.mapePct,
          unit: "%",
          source: `${model.source.rows} rows of ${model.source.file}`,
        },
        measured("tokens of a batch", range.tokens, "tok"),
        measured("decodes", range.decodes, "req"),
        measured("context", range.context, "tok"),
      ];
    },
  };
}
