// Batches, stages, and where time goes: bars and rows from the details of a second run. Pure.
import type { BatchCounts, RunDetail } from "../../../engine/metrics/detail-results.ts";
import type { Distribution } from "../../../engine/metrics/results.ts";
import type { ReplayDetail } from "../../rpc/protocol.ts";
import type { TableData } from "../../ui/chart/table-data.ts";
import { fixed, integer, milliseconds, percent, seconds, significant, trimmed } from "../../ui/format.ts";
import type { BarModel } from "./select.ts";

export interface Histogram {
  readonly title: string;
  readonly bars: BarModel;
  /** Everything from here on stands in the last bar; null when nothing was gathered. */
  readonly gathered: boolean;
  readonly unit: "requests" | "tokens" | "ms";
}

const BARS = 24;
/** What more than this share of batches does not reach is gathered in the last bar: a few very large batches would flatten all others. */
const SHOWN = 0.99;

/** `entries`: lowest value of a bin, and its count. */
function histogram(title: string, unit: Histogram["unit"], entries: readonly (readonly [number, number])[]): Histogram | null {
  const total = entries.reduce((sum, [, count]) => sum + count, 0);
  if (total === 0) return null;
  let below = 0;
  let top = 0;
  for (const [value, count] of entries) {
    if (below / total < SHOWN) top = value;
    below += count;
  }
  const width = niceWidth(top / (BARS - 1), unit !== "ms");
  const bars = Math.min(BARS, Math.max(4, Math.floor(top / width) + 1));
  const shares = new Float64Array(bars);
  let gathered = false;
  for (const [value, count] of entries) {
    const bar = Math.floor(value / width);
    if (bar >= bars && count > 0) gathered = true;
    const place = Math.min(bars - 1, bar);
    shares[place] = shares[place]! + count / total;
  }
  return { title, unit, gathered, bars: { shares, ghost: null, width, end: bars * width } };
}

/** 1, 2 or 5 times a power of ten, at least as wide as wanted. */
function niceWidth(wanted: number, whole: boolean): number {
  let power = whole ? 1 : 0.001;
  for (; ; power *= 10) for (const factor of [1, 2, 5]) if (factor * power >= wanted) return Number((factor * power).toPrecision(1));
}

const valuesOf = (counts: Float64Array): [number, number][] =>
  Array.from(counts, (count, value): [number, number] => [value, count]).filter(([, count]) => count > 0);

export function histogramsOf({ requests, tokens, executionTime }: BatchCounts): Histogram[] {
  const times = Array.from(executionTime.counts, (count, i): [number, number] => [executionTime.edges[i]! * 1000, count]);
  return [
    histogram("Requests in a batch", "requests", valuesOf(requests)),
    histogram("Tokens in a batch", "tokens", valuesOf(tokens)),
    histogram("Time of a batch", "ms", times),
  ].filter((made) => made !== null);
}

/** "200 to 399 tokens", "20 to 22 ms", "460 tokens or more". */
export function barName({ bars, unit, gathered }: Histogram, bar: number): string {
  const from = bar * bars.width;
  if (gathered && bar === bars.shares.length - 1) return `${trimmed(from)} ${unit} or more`;
  if (unit === "ms") return `${trimmed(from)} to ${trimmed(from + bars.width)} ms`;
  return bars.width === 1 ? `${integer(from)} ${unit}` : `${integer(from)} to ${integer(from + bars.width - 1)} ${unit}`;
}

export function histogramText(made: Histogram): string {
  const { shares } = made.bars;
  const most = shares.reduce((best, share, i) => (share > shares[best]! ? i : best), 0);
  return `${made.title}, share of batches: most often ${barName(made, most)}, ${percent(shares[most], 0)}.`;
}

export function histogramTable(made: Histogram): TableData {
  return {
    title: made.title,
    length: made.bars.shares.length,
    columns: [
      { label: made.title, raw: (i) => barName(made, i), show: (i) => barName(made, i) },
      { label: "Batches", unit: "%", raw: (i) => made.bars.shares[i]! * 100, show: (i) => fixed(made.bars.shares[i]! * 100, 2) },
    ],
  };
}

export interface Grid {
  readonly heads: readonly string[];
  readonly rows: readonly { readonly label: string; readonly cells: readonly string[] }[];
}

/** Pools: how busy, which share of the peak, which share of the KV blocks; least and most of the replicas where there are several. */
export function poolGrid({ pools, detail }: ReplayDetail): Grid {
  return {
    heads: ["Busy", "MFU", "KV use", "MFU of batches"],
    rows: pools.map((pool) => {
      const own = detail.stages.filter((stage) => stage.pool === pool.name && stage.mfu !== null);
      const least = Math.min(...own.map(({ mfu }) => mfu!.min));
      const most = Math.max(...own.map(({ mfu }) => mfu!.max));
      return {
        label: pool.name,
        cells: [
          percent(pool.utilisation),
          percent(pool.mfu),
          percent(pool.kvUseMean),
          own.length === 0 ? percent(null) : `${fixed(least * 100, 1)} to ${percent(most)}`,
        ],
      };
    }),
  };
}

/** Shares below this take no line. */
const LEAST_SHARE = 0.0005;

export function partGrid({ parts }: RunDetail): Grid | null {
  const pools = [...new Set(parts.map(({ pool }) => pool))];
  const names = [...new Set(parts.map(({ part }) => part))];
  const shareOf = (pool: string, name: string): number => parts.find((entry) => entry.pool === pool && entry.part === name)?.share ?? NaN;
  const rows = names
    .filter((name) => pools.some((pool) => shareOf(pool, name) >= LEAST_SHARE))
    .map((name) => ({ label: name, cells: pools.map((pool) => percent(shareOf(pool, name))) }));
  return rows.length === 0 ? null : { heads: pools, rows };
}

const QUANTITIES: readonly (readonly [string, (it: ReplayDetail) => Distribution, (value: number | null) => string])[] = [
  ["Waiting", ({ detail }) => detail.requestTimes.waiting, seconds],
  ["In batches", ({ detail }) => detail.requestTimes.running, seconds],
  ["Preempted", ({ detail }) => detail.requestTimes.preempted, seconds],
  ["Stalled", ({ detail }) => detail.requestTimes.stalled, seconds],
  ["Prefill time", ({ perRequest }) => perRequest.prefillTime, seconds],
  ["per prompt token", ({ perRequest }) => perRequest.prefillTimePerPromptToken, (v) => milliseconds(v, 2)],
  ["Decode time", ({ perRequest }) => perRequest.decodeTime, seconds],
  ["E2E per output token", ({ perRequest }) => perRequest.e2ePerOutputToken, (v) => milliseconds(v)],
  ["Prompt / output", ({ perRequest }) => perRequest.promptPerOutputToken, (v) => significant(v)],
  ["Between arrivals", ({ perRequest }) => perRequest.interArrival, seconds],
];

export const requestGrid = (it: ReplayDetail): Grid => ({
  heads: ["Mean", "P50", "P99"],
  rows: QUANTITIES.map(([label, pick, show]) => {
    const { mean, p50, p99 } = pick(it);
    return { label, cells: [mean, p50, p99].map(show) };
  }),
});

/** Every stage of every replica, for CSV and the table view. */
export function stageTable({ detail: { stages } }: ReplayDetail): TableData {
  const number = (label: string, unit: string, value: (i: number) => number | undefined) => ({
    label,
    unit,
    raw: (i: number) => value(i) ?? NaN,
    show: (i: number) => fixed(value(i), 1),
  });
  return {
    title: "Stages",
    length: stages.length,
    columns: [
      { label: "Pool", raw: (i) => stages[i]!.pool, show: (i) => stages[i]!.pool },
      { label: "Replica", raw: (i) => stages[i]!.replica, show: (i) => stages[i]!.replica },
      { label: "Stage", raw: (i) => stages[i]!.stage, show: (i) => integer(stages[i]!.stage) },
      number("Busy", "%", (i) => stages[i]!.busy * 100),
      ...(["min", "mean", "max"] as const).map((key) => number(`MFU, ${key}`, "%", (i) => (stages[i]!.mfu?.[key] ?? NaN) * 100)),
      ...(["min", "mean", "max"] as const).map((key) => number(`KV use, ${key}`, "%", (i) => stages[i]!.kvUse[key] * 100)),
    ],
  };
}
