// The admission rules there are. To add one: a file, a line here, a test.
import { registry } from "../../engine/registry.ts";
import type { AdmissionDefinition } from "../../engine/contracts.ts";
import { none } from "./none.ts";
import { queueLimit } from "./queue-limit.ts";

export const admission: readonly AdmissionDefinition[] = registry("admission policy", [none, queueLimit]);
