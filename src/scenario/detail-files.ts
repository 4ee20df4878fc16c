// The files of a run that are written only when details were asked for: every batch, and how many had which size and time.
import type { BatchColumns, BatchCounts, RequestTimeColumns, RunDetail } from "../engine/metrics/detail-results.ts";
import type { FleetSamples } from "../engine/metrics/results.ts";
import { decimal } from "./decimal.ts";
import { field, inChunks, type RunFile } from "./run-file.ts";

export interface RunDetails {
  readonly detail: RunDetail;
  readonly counts: BatchCounts;
  readonly batches: BatchColumns;
  /** Rows as in the request log. */
  readonly requestTimes: RequestTimeColumns;
}

const BATCHES =
  "started_at,ended_at,pool,replica,iterations,requests,prefill_requests,prefill_tokens,decode_requests,decode_context,kv_used_blocks,execution_time,lost";

/** In the order of their ends. */
function* batchRows(batches: BatchColumns, fleet: FleetSamples): Generator<string> {
  const replicas = fleet.replicas.map(({ pool, name }) => `${field(fleet.pools[pool]?.name ?? "")},${field(name)}`);
  for (let row = 0; row < batches.length; row++) {
    const decodes = batches.decodeRequests[row]!;
    const prefills = batches.prefillRequests[row]!;
    yield [
      decimal(batches.startedAt[row]!),
      decimal(batches.endedAt[row]!),
      replicas[batches.replica[row]!],
      batches.iterations[row]!,
      prefills + decodes,
      prefills,
      batches.prefillTokens[row]!,
      decodes,
      batches.decodeContext[row]!,
      batches.kvUsedBlocks[row]!,
      decimal(batches.executionTime[row]!),
      batches.lost[row]!,
    ].join(",");
  }
}

export const batchesFile = ({ batches }: RunDetails, fleet: FleetSamples): RunFile => ({
  name: "batches.csv",
  chunks: () => inChunks(BATCHES, batchRows(batches, fleet)),
});

/** Bins that hold something: `from` <= value < `to`. */
function* bins(counts: BatchCounts): Generator<string> {
  const named = [
    ["requests", counts.requests],
    ["tokens", counts.tokens],
    ["prefill_tokens", counts.prefillTokens],
    ["decode_tokens", counts.decodeTokens],
  ] as const;
  for (const [name, values] of named)
    for (let value = 0; value < values.length; value++) if (values[value]! > 0) yield `${name},${value},${value + 1},${values[value]!}`;
  const { edges, counts: times } = counts.executionTime;
  for (let bin = 0; bin < times.length; bin++)
    if (times[bin]! > 0) yield `execution_time,${decimal(edges[bin]!)},${decimal(edges[bin + 1]!)},${times[bin]!}`;
}

export const histogramsFile = ({ counts }: RunDetails): RunFile => ({
  name: "histograms.csv",
  chunks: () => inChunks("quantity,from,to,batches", bins(counts)),
});
