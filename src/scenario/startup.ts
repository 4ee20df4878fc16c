// How long a replica takes to start: the fixed part, and its weights over the bandwidth at which they are loaded. Apart from build.ts, so that a
// form can show the seconds without bringing all policies along.
import type { Pool } from "./types.ts";

/** `weightBytes`: of all GPUs of a replica together (MemoryPlan.totalWeightBytes); asked for only where the pool names a bandwidth. */
export const startupSecondsOf = (pool: Pick<Pool, "startupSeconds" | "loadGbytesPerS">, weightBytes: () => number): number =>
  pool.loadGbytesPerS === null ? pool.startupSeconds : pool.startupSeconds + weightBytes() / (pool.loadGbytesPerS * 1e9);
