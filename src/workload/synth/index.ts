// The arrival processes and length laws. To add one: its file, a line here, and its parameters appear in the form, the schema, the link and the help.
import { closedLoop } from "./closed-loop.ts";
import { constant } from "./constant.ts";
import { conversationPieces } from "./conversation-pieces.ts";
import { conversations } from "./conversations.ts";
import { fixed } from "./fixed.ts";
import { gamma } from "./gamma.ts";
import { lognormal } from "./lognormal.ts";
import { onOff } from "./on-off.ts";
import { piecewiseRate } from "./piecewise-rate.ts";
import { poisson } from "./poisson.ts";
import { quantileLengths } from "./quantile-table.ts";
import type { ArrivalDefinition, LengthDefinition } from "./types.ts";
import { registry } from "../../engine/registry.ts";
import { sharedPrefixes } from "./shared-prefixes.ts";
import { uniform } from "./uniform.ts";
import { zipf } from "./zipf.ts";

export const arrivals: readonly ArrivalDefinition[] = registry("arrival process", [
  poisson,
  constant,
  gamma,
  onOff,
  piecewiseRate,
  closedLoop,
]);

export const lengths: readonly LengthDefinition[] = registry("length law", [
  fixed,
  uniform,
  lognormal,
  zipf,
  quantileLengths,
  sharedPrefixes,
  conversations,
  conversationPieces,
]);
