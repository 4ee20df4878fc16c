// What prefix caches and a router that remembers hold, as it stands.
import type { PrefixSharing } from "../kv/sharing.ts";
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
export function routingReport({ replicas, policies }: Simulation, sharing: PrefixSharing | null): RoutingReport | null {
  const router = policies.router.memory?.() ?? null;
  if (sharing === null) return router === null ? null : { caches: [], namedBlocks: 0, distinctBlocks: 0, router };
  return { ...sharing.report(replicas), router };
}
