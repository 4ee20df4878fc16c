// The replica schedulers there are. To add one: a file, a line here, a test.
import { registry } from "../../engine/registry.ts";
import type { BatchingDefinition } from "../../engine/contracts.ts";
import { sarathi } from "./sarathi.ts";
import { vllm } from "./vllm.ts";

export const batching: readonly BatchingDefinition[] = registry("replica scheduler", [sarathi, vllm]);
