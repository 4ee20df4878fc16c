// The first requests of a source as columns, for benches and statistics.
import type { ArrivalRow, RequestSource } from "../engine/contracts.ts";
import { emptyRow } from "../engine/contracts.ts";
import type { Trace } from "./types.ts";

/**
 * Takes up to `n` requests. Every request is taken to end `serviceSeconds` after it arrives, so that closed loops and sessions go on.
 * `each` sees every row as it is taken.
 */
export function pregenerate(source: RequestSource, n: number, serviceSeconds = 0, each?: (row: ArrivalRow, id: number) => void): Trace {
  const arrivedAt = new Float64Array(n);
  const promptTokens = new Int32Array(n);
  const outputTokens = new Int32Array(n);
  const session = new Int32Array(n);
  const row = emptyRow();
  let length = 0;
  let ended = 0;
  let highestTenant = 0;
  const tenant = new Uint16Array(n);
  while (length < n) {
    const at = source.nextAt();
    if (source.finished && ended < length && arrivedAt[ended]! + serviceSeconds <= at) {
      source.finished(ended, arrivedAt[ended]! + serviceSeconds);
      ended++;
      continue;
    }
    if (at === Infinity) break;
    source.take(row);
    arrivedAt[length] = row.arrivedAt;
    promptTokens[length] = row.promptTokens;
    outputTokens[length] = row.outputTokens;
    session[length] = row.session;
    tenant[length] = row.tenant;
    if (row.tenant > highestTenant) highestTenant = row.tenant;
    each?.(row, length);
    length++;
  }
  return {
    length,
    arrivedAt: arrivedAt.slice(0, length),
    promptTokens: promptTokens.slice(0, length),
    outputTokens: outputTokens.slice(0, length),
    tenant: tenant.slice(0, length),
    tenantNames: Array.from({ length: highestTenant + 1 }, (_, i) => `tenant ${i + 1}`),
    session: session.slice(0, length),
    prefix: null,
  };
}
