// Prefix caching as an engine takes it: handed in with the configuration of a pool, so that a program whose runs have none need not load it.
import type { Replica } from "../fleet/replica.ts";
import type { RoutingReport } from "../metrics/routing-report.ts";
import { writeNames } from "./names.ts";
import { PrefixCache, newHolding } from "./prefix-cache.ts";
import type { Holding } from "./prefix-cache.ts";
import { cachesReport } from "./report.ts";

export interface PrefixSharing {
  /** What the caches of these replicas hold. */
  report(replicas: readonly Replica[]): Omit<RoutingReport, "router">;
  /** The cache of a replica. */
  cache(blocks: number, blockSize: number): PrefixCache;
  holding(): Holding;
  /** See names.ts. */
  writeNames(into: Holding, ids: Int32Array, count: number, contentBlock: number, tokens: number, blockSize: number): void;
}

export const prefixSharing: PrefixSharing = {
  report: cachesReport,
  cache: (blocks, blockSize) => new PrefixCache(blocks, blockSize),
  holding: newHolding,
  writeNames: (into, ids, count, contentBlock, tokens, blockSize) => {
    writeNames(into, ids, 0, count, contentBlock, tokens, blockSize);
  },
};
