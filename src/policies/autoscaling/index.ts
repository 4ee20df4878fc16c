// The autoscalers there are. To add one: a file, a line here, a test.
import { registry } from "../../engine/registry.ts";
import type { AutoscalingDefinition } from "../../engine/contracts.ts";
import { concurrency } from "./concurrency.ts";
import { fixed } from "./fixed.ts";
import { hpa } from "./hpa.ts";
import { inferline } from "./inferline.ts";
import { schedule } from "./schedule.ts";
import { serviceLevel } from "./service-level.ts";

export const autoscaling: readonly AutoscalingDefinition[] = registry("autoscaling policy", [
  fixed,
  hpa,
  concurrency,
  inferline,
  serviceLevel,
  schedule,
]);
