// The time of a batch as the largest of several fitted sums. In the context of decodes each is a straight line, so that the largest is made of straight
// pieces, between crossings that depend on the rest of the batch alone: whoever steps and whoever leaps along a piece finds the same one.
import type { BatchShape, DecodeForm, LatencyModel } from "../engine/contracts.ts";
import { FittedTime } from "./fitted-time.ts";
import type { FittedTerm } from "./fit/model-file.ts";

const line = (): DecodeForm => ({ base: 0, perContext: 0, below: Infinity });

export class PlanesTime implements LatencyModel {
  private readonly planes: readonly FittedTime[];
  private readonly lines: readonly DecodeForm[];
  private readonly largest = line();

  constructor(terms: readonly FittedTerm[], stages: number) {
    const places = [...new Set(terms.map(({ plane = 0 }) => plane))].sort((a, b) => a - b);
    this.planes = places.map((place) => new FittedTime({ terms: terms.filter(({ plane = 0 }) => plane === place) }, stages));
    this.lines = places.map(line);
  }

  iteration(shape: BatchShape): number {
    const { planes, lines, largest } = this;
    for (let i = 0; i < planes.length; i++) planes[i]!.lineOf(shape, lines[i]!);
    this.largestAt(shape.decodeContext, largest);
    return largest.base + largest.perContext * shape.decodeContext;
  }

  decodeForm(requests: number, context: number, into: DecodeForm): void {
    const { planes, lines } = this;
    for (let i = 0; i < planes.length; i++) planes[i]!.decodeForm(requests, context, lines[i]!);
    this.largestAt(context, into);
  }

  /** From the largest line at no context on to the next that crosses it, until beyond `context`. */
  private largestAt(context: number, into: DecodeForm): void {
    const { lines } = this;
    let on = lines[0]!;
    for (const one of lines) if (one.base > on.base || (one.base === on.base && one.perContext > on.perContext)) on = one;
    for (;;) {
      let next: DecodeForm | null = null;
      let below = Infinity;
      for (const one of lines) {
        if (one.perContext <= on.perContext) continue;
        const crossing = Math.ceil((on.base - one.base) / (one.perContext - on.perContext));
        if (crossing < below || (crossing === below && one.perContext > next!.perContext)) {
          below = crossing;
          next = one;
        }
      }
      if (next === null || context < below) {
        into.base = on.base;
        into.perContext = on.perContext;
        into.below = below;
        return;
      }
      on = next;
    }
  }
}
