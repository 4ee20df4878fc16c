// The time of a batch by a fitted sum of terms. In the context of decodes it is made of straight pieces, so that the engine can leap along one.
import type { BatchShape, DecodeForm, LatencyModel } from "../engine/contracts.ts";
import { termOf } from "./fit/terms.ts";
import type { FittedModel } from "./fit/model-file.ts";
import { drawCoefficients } from "./fit/draws.ts";
import { emptyShape } from "./shape.ts";
import { LatencyProblem } from "./types.ts";
import type { LatencyTerm, OpenProfile, ProfileRange } from "./types.ts";

/** Quantities by place. The context of decodes is not among them: it is the variable of the pieces. */
const PLACES = ["1", "T", "R", "pre", "P", "D", "N", "K", "W"] as const;

interface Weighted {
  readonly kind: "plain" | "min" | "max" | "ceil";
  readonly place: number;
  readonly knot: number;
  /** Counts only with a prompt in the batch. */
  readonly pre: boolean;
  readonly seconds: number;
}

export class FittedTime implements LatencyModel {
  private readonly terms: readonly Weighted[];
  /** Terms of the context of decodes, each from its knot on (0: from the start), ascending. */
  private readonly context: readonly Weighted[];
  private readonly values = new Float64Array(PLACES.length);
  private readonly decodes: DecodeForm = { base: 0, perContext: 0, below: 0 };

  /** The coefficients stand for the whole model: each of `stages` has its share. */
  constructor({ terms }: Pick<FittedModel, "terms">, stages: number) {
    const all = terms
      .filter(({ coefficient }) => coefficient > 0)
      .flatMap(({ term: name, coefficient }) => {
        const term = termOf(name);
        if (term === null) throw new RangeError(`There is no term "${name}".`);
        const weighted = { kind: term.kind, knot: term.kind === "plain" ? 0 : term.knot, pre: term.pre, seconds: coefficient / stages };
        const of = term.of === "past" ? (["C", "K"] as const) : [term.of];
        return of.map((quantity) => ({ ...weighted, of: quantity }));
      });
    this.terms = all.flatMap(({ of, ...term }) => (of === "C" ? [] : [{ ...term, place: PLACES.indexOf(of) }]));
    this.context = all.flatMap(({ of, ...term }) => (of === "C" ? [{ ...term, place: -1 }] : [])).sort((a, b) => a.knot - b.knot);
  }

  /** The straight piece on which the context lies, for a batch of these quantities. */
  private piece(context: number, into: DecodeForm): void {
    const { values } = this;
    const prompts = values[3]! > 0;
    let base = 0;
    for (const { kind, place, knot, pre, seconds } of this.terms) {
      if (pre && !prompts) continue;
      const x = values[place]!;
      if (kind === "plain") base += seconds * x;
      else if (kind === "min") base += seconds * Math.min(x, knot);
      else if (kind === "max") base += seconds * Math.max(x - knot, 0);
      else base += seconds * Math.ceil(x / knot) * knot;
    }
    let perContext = 0;
    into.below = Infinity;
    for (const { knot, pre, seconds } of this.context) {
      if (pre && !prompts) continue;
      if (context < knot) {
        into.below = knot;
        break;
      }
      perContext += seconds;
      base -= seconds * knot;
    }
    into.base = base;
    into.perContext = perContext;
  }

  private fill(prompt: number, prompts: number, decodes: number, past: number, work: number): void {
    const { values } = this;
    values[0] = 1;
    values[1] = prompt + decodes;
    values[2] = prompts + decodes;
    values[3] = prompt > 0 ? 1 : 0;
    values[4] = prompt;
    values[5] = decodes;
    values[6] = prompts;
    values[7] = past;
    values[8] = work;
  }

  iteration(shape: BatchShape): number {
    this.fill(shape.prefillTokens, shape.prefillRequests, shape.decodeRequests, shape.prefillContext, shape.prefillWork);
    const { decodes } = this;
    this.piece(shape.decodeContext, decodes);
    return decodes.base + decodes.perContext * shape.decodeContext;
  }

  decodeForm(requests: number, context: number, into: DecodeForm): void {
    this.fill(0, 0, requests, 0, 0);
    this.piece(context, into);
  }
}

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
    create: (shard, _overheads, _blockSize, draw = 0) => new FittedTime(withDraw(model, draw, name), shard.pipelineParallel),
    explain: (shard) => {
      const time = new FittedTime(model, shard.pipelineParallel);
      const source = `fitted model ${name}`;
      const ms = (label: string, shape: Partial<BatchShape>): LatencyTerm => ({
        label,
        value: 1e3 * time.iteration({ ...emptyShape, ...shape }),
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
          .map(({ term, coefficient }): LatencyTerm => ({
            label: term === "1" ? "Every iteration" : `Per ${term}`,
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
