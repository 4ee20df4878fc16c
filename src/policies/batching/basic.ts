// Replica schedulers that are always there: the page and the simulation worker load the others when a scenario names one. All that share prefixes
// are among them: the check of a scenario reads this list.
import type { BatchingDefinition } from "../../engine/contracts.ts";
import { sarathi } from "./sarathi.ts";
import { vllm } from "./vllm.ts";

export const basicBatching: readonly BatchingDefinition[] = [sarathi, vllm];
