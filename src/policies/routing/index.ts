// The routers there are. To add one: a file, a line here, a test.
import { registry } from "../../engine/registry.ts";
import type { RoutingDefinition } from "../../engine/contracts.ts";
import { basicRouting } from "./basic.ts";
import { consistentHash } from "./consistent-hash.ts";
import { dynamoKv } from "./dynamo-kv.ts";
import { rayPowerOfTwo } from "./ray-power-of-two.ts";
import { rayPrefixAware } from "./ray-prefix-aware.ts";
import { sessionAffinity } from "./session-affinity.ts";
import { sglangCacheAware } from "./sglang-cache-aware.ts";
import { weightedScorers } from "./weighted-scorers.ts";

export const routing: readonly RoutingDefinition[] = registry("routing policy", [
  ...basicRouting,
  rayPowerOfTwo,
  rayPrefixAware,
  sglangCacheAware,
  weightedScorers,
  dynamoKv,
  sessionAffinity,
  consistentHash,
]);
