// Arrival processes that are always there: the page and the simulation worker load the others when a scenario names one.
import { closedLoop } from "./closed-loop.ts";
import { constant } from "./constant.ts";
import { gamma } from "./gamma.ts";
import { onOff } from "./on-off.ts";
import { piecewiseRate } from "./piecewise-rate.ts";
import { poisson } from "./poisson.ts";
import type { ArrivalDefinition } from "./types.ts";

export const basicArrivals: readonly ArrivalDefinition[] = [poisson, constant, gamma, onOff, piecewiseRate, closedLoop];
