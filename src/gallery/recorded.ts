// What the cards gave when they were last recorded with this engine, by id. `recorded.test.ts` runs them again.
import type { CardFigure } from "./card.ts";
import figures from "./recorded.json" with { type: "json" };

export type Recorded = Readonly<Record<string, CardFigure>>;

// Points are pairs, which JSON's inferred type does not know.
export const recorded = figures as unknown as Recorded;

/** As the file has it. */
export const recordText = (all: Recorded): string => `${JSON.stringify(all)}\n`;
