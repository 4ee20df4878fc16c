// Admission rules that are always there: the page and the simulation worker load the others when a scenario names one.
import type { AdmissionDefinition } from "../../engine/contracts.ts";
import { none } from "./none.ts";
import { queueLimit } from "./queue-limit.ts";

export const basicAdmission: readonly AdmissionDefinition[] = [none, queueLimit];
