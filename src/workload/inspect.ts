// Statistics of a trace, for `trace inspect` and the report after opening a file.
import type { Trace, TraceStatistics } from "./types.ts";

/** Quantile of sorted values, interpolated linearly (numpy's default). */
function quantile(sorted: Int32Array, p: number): number {
  const at = (sorted.length - 1) * p;
  const below = Math.floor(at);
  const low = sorted[below]!;
  return low + (at - below) * ((sorted[below + 1] ?? low) - low);
}

function describe(values: Int32Array): TraceStatistics["promptTokens"] {
  const sorted = values.slice().sort();
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return {
    mean: sum / values.length,
    p50: quantile(sorted, 0.5),
    p90: quantile(sorted, 0.9),
    p99: quantile(sorted, 0.99),
    max: sorted[sorted.length - 1]!,
    sum,
  };
}

/** null for an empty trace. Outputs of failed requests count as 0 tokens; a trace whose rows all arrive at once has 0 requests per second. */
export function statisticsOf(trace: Trace): TraceStatistics | null {
  if (trace.length === 0) return null;
  const durationS = trace.arrivedAt[trace.length - 1]! - trace.arrivedAt[0]!;
  return {
    durationS,
    requestsPerS: durationS > 0 ? trace.length / durationS : 0,
    promptTokens: describe(trace.promptTokens),
    outputTokens: describe(trace.outputTokens),
    sessions: countSessions(trace),
    tenants: trace.tenant === null ? 0 : trace.tenantNames.length,
  };
}

function countSessions({ session }: Trace): number {
  if (session === null) return 0;
  let highest = -1;
  for (let i = 0; i < session.length; i++) if (session[i]! > highest) highest = session[i]!;
  const seen = new Uint8Array(highest + 1);
  let count = 0;
  for (let i = 0; i < session.length; i++) {
    const number = session[i]!;
    if (number >= 0 && seen[number] === 0) {
      seen[number] = 1;
      count++;
    }
  }
  return count;
}
