// The gallery: published figures as cards, in the order of the page.
import { registry } from "../engine/registry.ts";
import type { Card } from "./card.ts";
import { labFront } from "./cards/lab-front.ts";
import { labReplicas } from "./cards/lab-replicas.ts";
import { prefixBenchmark } from "./cards/prefix-benchmark.ts";
import { prefixReplicas } from "./cards/prefix-replicas.ts";
import { vidurBurst } from "./cards/vidur-burst.ts";
import { vtcGap } from "./cards/vtc-gap.ts";
import { vtcProportional } from "./cards/vtc-proportional.ts";
import { waitingLaw } from "./cards/waiting-law.ts";

export const cards: readonly Card[] = registry("card", [
  labFront,
  labReplicas,
  prefixBenchmark,
  prefixReplicas,
  vidurBurst,
  vtcGap,
  vtcProportional,
  waitingLaw,
]);
