// The time of a batch by a fitted sum of terms. In the context of decodes it is made of straight pieces, so that the engine can leap along one.
import type { BatchShape, DecodeForm, LatencyModel } from "../engine/contracts.ts";
import { termOf } from "./fit/terms.ts";
import type { FittedModel } from "./fit/model-file.ts";

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
    const { decodes } = this;
    this.lineOf(shape, decodes);
    return decodes.base + decodes.perContext * shape.decodeContext;
  }

  /** The time of a batch in the context of its decodes, about that of the shape. */
  lineOf(shape: BatchShape, into: DecodeForm): void {
    this.fill(shape.prefillTokens, shape.prefillRequests, shape.decodeRequests, shape.prefillContext, shape.prefillWork);
    this.piece(shape.decodeContext, into);
  }

  decodeForm(requests: number, context: number, into: DecodeForm): void {
    this.fill(0, 0, requests, 0, 0);
    this.piece(context, into);
  }
}
