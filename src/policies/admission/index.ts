// The admission rules there are. To add one: a file, a line here, a test.
import { registry } from "../../engine/registry.ts";
import type { AdmissionDefinition } from "../../engine/contracts.ts";
import { basicAdmission } from "./basic.ts";
import { rateLimit } from "./rate-limit.ts";

export const admission: readonly AdmissionDefinition[] = registry("admission policy", [...basicAdmission, rateLimit]);
