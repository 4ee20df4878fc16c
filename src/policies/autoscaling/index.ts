// The autoscalers there are. To add one: a file, a line here, a test.
import { registry } from "../../engine/registry.ts";
import type { AutoscalingDefinition } from "../../engine/contracts.ts";
import { fixed } from "./fixed.ts";
import { inferline } from "./inferline.ts";

export const autoscaling: readonly AutoscalingDefinition[] = registry("autoscaling policy", [fixed, inferline]);
