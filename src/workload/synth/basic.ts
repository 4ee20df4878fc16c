// Length laws without content, which are always there: the page and the simulation worker load the others when a scenario names one.
import { fixed } from "./fixed.ts";
import { lognormal } from "./lognormal.ts";
import { quantileLengths } from "./quantile-table.ts";
import type { LengthDefinition } from "./types.ts";
import { uniform } from "./uniform.ts";
import { zipf } from "./zipf.ts";

export const basicLengths: readonly LengthDefinition[] = [fixed, uniform, lognormal, zipf, quantileLengths];
