// What prefix caches and a router that remembers hold, as it stands.
import type { Simulation } from "../simulation.ts";

export interface CacheFigures {
  /** Index of the replica. */
  readonly replica: number;
  /** Prompt tokens looked for and found at admissions, resumed requests included. */
  readonly queriedTokens: number;
  readonly hitTokens: number;
  /** Blocks that can be found now, and names lost so far because their blocks were taken. */
  readonly namedBlocks: number;
  readonly evictions: number;
}

export interface RoutingReport {
  /** Of replicas with prefix caching, gone ones included. */
  readonly caches: readonly CacheFigures[];
  /** Blocks that can be found on the replicas that stand, and how many different ones they are: the rest are copies. */
  readonly namedBlocks: number;
  readonly distinctBlocks: number;
  /** What the router says of its memory; null when it says nothing. */
  readonly router: Readonly<Record<string, number>> | null;
}

/** Null for a run without prefix caching whose router remembers nothing. */
export function routingReport(simulation: Simulation): RoutingReport | null {
  const caches: CacheFigures[] = [];
  const standing = simulation.roster.standing.filter(({ cache }) => cache !== null);
  const names = new Float64Array(standing.reduce((sum, { cache }) => sum + cache!.pool.named, 0));
  let named = 0;
  for (const { cache } of standing) named += cache!.pool.collectNames(names, named);
  names.sort();
  let distinct = 0;
  for (let i = 0; i < named; i++) if (i === 0 || names[i] !== names[i - 1]) distinct++;
  for (const { index, cache } of simulation.replicas) {
    if (cache === null) continue;
    const { pool, queriedTokens, hitTokens } = cache;
    caches.push({ replica: index, queriedTokens, hitTokens, namedBlocks: pool.named, evictions: pool.evictions });
  }
  const router = simulation.policies.router.memory?.() ?? null;
  return caches.length === 0 && router === null ? null : { caches, namedBlocks: named, distinctBlocks: distinct, router };
}
