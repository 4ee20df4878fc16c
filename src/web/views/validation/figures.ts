// The figures of the screen, typed.
import type { ValidationFigures } from "../../../analysis/validation.ts";
import recorded from "./figures.json" with { type: "json" };

export const figures = recorded as unknown as ValidationFigures;
