// The arrival processes.
import { closedLoop } from "./closed-loop.ts";
import { constant } from "./constant.ts";
import { gamma } from "./gamma.ts";
import { onOff } from "./on-off.ts";
import { piecewiseRate } from "./piecewise-rate.ts";
import { poisson } from "./poisson.ts";
import type { ArrivalDefinition } from "./types.ts";
import { registry } from "../../engine/registry.ts";

export const arrivals: readonly ArrivalDefinition[] = registry("arrival process", [
  poisson,
  constant,
  gamma,
  onOff,
  piecewiseRate,
  closedLoop,
]);
