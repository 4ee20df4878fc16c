// The autoscalers there are. To add one: a file, a line here, a test.
import { listOf } from "../list.ts";
import type { AutoscalingDefinition } from "../../engine/contracts.ts";
import { fixed } from "./fixed.ts";

export const autoscaling: readonly AutoscalingDefinition[] = listOf("autoscaling policy", [fixed]);
