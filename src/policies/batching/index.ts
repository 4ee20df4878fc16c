// The replica schedulers there are. To add one: a file, a line here, a test.
import { registry } from "../../engine/registry.ts";
import type { BatchingDefinition } from "../../engine/contracts.ts";
import { basicBatching } from "./basic.ts";
import { fasterTransformer } from "./faster-transformer.ts";
import { lightllm } from "./lightllm.ts";
import { orca } from "./orca.ts";
import { slora } from "./slora.ts";

export const batching: readonly BatchingDefinition[] = registry("replica scheduler", [
  ...basicBatching,
  orca,
  lightllm,
  slora,
  fasterTransformer,
]);
