// The gallery: published figures as cards, in the order of the page.
import { registry } from "../engine/registry.ts";
import type { Card } from "./card.ts";
import { labFront } from "./cards/lab-front.ts";
import { labReplicas } from "./cards/lab-replicas.ts";
import { prefixBenchmark } from "./cards/prefix-benchmark.ts";
import { prefixReplicas } from "./cards/prefix-replicas.ts";
import { trustCalibrated } from "./cards/trust-calibrated.ts";
import { trustSpecifications } from "./cards/trust-specifications.ts";
import { vidurBurst } from "./cards/vidur-burst.ts";
import { vidurRouters } from "./cards/vidur-routers.ts";
import { vtcGap } from "./cards/vtc-gap.ts";
import { vtcProportional } from "./cards/vtc-proportional.ts";
import { vtcOnOff } from "./cards/vtc-on-off.ts";
import { vtcOnOffOverload } from "./cards/vtc-on-off-overload.ts";
import { vtcShortLong } from "./cards/vtc-short-long.ts";
import { vtcSlip } from "./cards/vtc-slip.ts";
import { vtcIncrease } from "./cards/vtc-increase.ts";
import { vtcShift } from "./cards/vtc-shift.ts";
import { vtcArena } from "./cards/vtc-arena.ts";
import { vtcLimit } from "./cards/vtc-limit.ts";
import { vtcDifferences } from "./cards/vtc-differences.ts";
import { vtcPool } from "./cards/vtc-pool.ts";
import { vtcWeighted } from "./cards/vtc-weighted.ts";
import { vtcPrediction } from "./cards/vtc-prediction.ts";
import { waitingLaw } from "./cards/waiting-law.ts";

export const cards: readonly Card[] = registry("card", [
  labFront,
  labReplicas,
  prefixBenchmark,
  prefixReplicas,
  vidurRouters,
  vidurBurst,
  vtcGap,
  vtcProportional,
  vtcOnOff,
  vtcOnOffOverload,
  vtcShortLong,
  vtcSlip,
  vtcIncrease,
  vtcShift,
  vtcArena,
  vtcLimit,
  vtcDifferences,
  vtcPool,
  vtcWeighted,
  vtcPrediction,
  waitingLaw,
  trustSpecifications,
  trustCalibrated,
]);
