// The replica schedulers there are. To add one: a file, a line here, a test.
import { registry } from "../../engine/registry.ts";
import type { BatchingDefinition } from "../../engine/contracts.ts";
import { fasterTransformer } from "./faster-transformer.ts";
import { lightllm } from "./lightllm.ts";
import { orca } from "./orca.ts";
import { sarathi } from "./sarathi.ts";
import { vllm } from "./vllm.ts";

export const batching: readonly BatchingDefinition[] = registry("replica scheduler", [sarathi, vllm, orca, lightllm, fasterTransformer]);
