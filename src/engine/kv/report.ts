// What the prefix caches of a fleet hold, and how much of it stands there more than once.
import { ReplicaState } from "../contracts.ts";
import type { Replica } from "../fleet/replica.ts";
import type { CacheFigures, RoutingReport } from "../metrics/routing-report.ts";

export function cachesReport(replicas: readonly Replica[]): Omit<RoutingReport, "router"> {
  const caches: CacheFigures[] = [];
  let room = 0;
  for (const { index, cache } of replicas) {
    if (cache === null) continue;
    const { pool, queriedTokens, hitTokens } = cache;
    caches.push({ replica: index, queriedTokens, hitTokens, namedBlocks: pool.named, evictions: pool.evictions });
    room += pool.named;
  }
  const names = new Float64Array(room);
  let named = 0;
  for (const { cache, state } of replicas)
    if (cache !== null && state !== ReplicaState.gone) named += cache.pool.collectNames(names, named);
  const sorted = names.subarray(0, named).sort();
  let distinct = 0;
  for (let i = 0; i < named; i++) if (i === 0 || sorted[i] !== sorted[i - 1]) distinct++;
  return { caches, namedBlocks: named, distinctBlocks: distinct };
}
