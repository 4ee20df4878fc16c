// Values that say on which side of a bound ours must be.
import type { CardValue } from "./card.ts";

/** Not above a bound of theory. */
export const under = (name: string, bound: number, ours: number, unit = ""): CardValue => ({
  name,
  unit,
  published: bound,
  ours,
  within: { atMost: 0 },
});
/** Above a value that the figure, or the theory, says is exceeded. */
export const over = (name: string, least: number, ours: number, unit = ""): CardValue => ({
  name,
  unit,
  published: least,
  ours,
  within: { atLeast: 0 },
});
