// Results of a run beside another: rows of the summary, curves, bars. Pure.
import { bisectRight } from "d3-array";
import type { Cdf, LoadDistribution, Summary } from "../../../engine/metrics/results.ts";
import type { TableData } from "../../ui/chart/table-data.ts";
import { change, fixed, integer, limit, NONE, percent, points, significant, signed, withUnit } from "../../ui/format.ts";

export type Verdict = "better" | "worse" | "same";

export interface SummaryRow {
  readonly label: string;
  readonly now: string;
  readonly before: string;
  readonly change: string;
  readonly verdict: Verdict;
  /** Full precision, in the unit of the label, for CSV. */
  readonly rawNow: number | null;
  readonly rawBefore: number | null;
}

type Better = "more" | "less" | "neither";

const finite = (value: number | null | undefined): number | null =>
  value === null || value === undefined || !Number.isFinite(value) ? null : value;

function verdictOf(now: number | null, before: number | null, better: Better, text: string): Verdict {
  if (now === null || before === null || better === "neither" || !/[1-9]/.test(text)) return "same";
  return now > before === (better === "more") ? "better" : "worse";
}

/** One unit per row: milliseconds when both values are small, else seconds with two decimals, one from 100 s on. */
function durationRow(label: string, now: number | null, before: number | null, ms: boolean): SummaryRow {
  const most = Math.max(now ?? 0, before ?? 0);
  const small = ms || (most > 0 && most < 0.1);
  const show = (value: number | null): string =>
    value === null
      ? NONE
      : small
        ? withUnit(fixed(value * 1000, most < 0.01 ? 1 : 0), "ms")
        : withUnit(fixed(value, most < 100 ? 2 : 1), "s");
  const text = change(now, before);
  return {
    label,
    now: show(now),
    before: show(before),
    change: text,
    verdict: verdictOf(now, before, "less", text),
    rawNow: now,
    rawBefore: before,
  };
}

function row(
  label: string,
  now: number | null,
  before: number | null,
  better: Better,
  show: (value: number) => string,
  difference: (now: number, before: number) => string = change,
): SummaryRow {
  const text = now === null || before === null ? NONE : difference(now, before);
  return {
    label,
    now: now === null ? NONE : show(now),
    before: before === null ? NONE : show(before),
    change: text,
    verdict: verdictOf(now, before, better, text),
    rawNow: now,
    rawBefore: before,
  };
}

const counts = (now: number, before: number): string => signed(now - before, integer);

export function summaryRows(now: Summary, before: Summary | null): SummaryRow[] {
  const of = (pick: (summary: Summary) => number | null): readonly [number | null, number | null] => [
    finite(pick(now)),
    before ? finite(pick(before)) : null,
  ];
  const rows = [
    row(
      "Meet every SLO",
      ...of((s) => s.slo.attainment),
      "more",
      (v) => percent(v),
      (a, b) => points(a - b),
    ),
    row("Goodput, req/s", ...of((s) => s.slo.goodputPerS), "more", (v) => significant(v)),
    durationRow("TTFT P50", ...of((s) => s.ttft.p50), false),
    durationRow("TTFT P90", ...of((s) => s.ttft.p90), false),
    durationRow("TTFT P99", ...of((s) => s.ttft.p99), false),
    durationRow("TPOT P50", ...of((s) => s.tpot.p50), true),
    durationRow("TPOT P95", ...of((s) => s.tpot.p95), true),
    durationRow("E2E P95", ...of((s) => s.e2e.p95), false),
    row("Cost, $/h", ...of((s) => s.cost.perHour), "less", (v) => fixed(v, 2)),
    row("Cost, $/M tokens", ...of((s) => s.cost.perMillionTokens), "less", (v) => fixed(v, 2)),
  ];
  // What did not happen in either run takes no line.
  for (const [label, pick] of [
    ["Refused", (s: Summary) => s.requests.refused],
    ["Failed", (s: Summary) => s.requests.failed],
    ["Preemptions", (s: Summary) => s.fleet.preemptions],
  ] as const) {
    const [a, b] = of(pick);
    if ((a ?? 0) > 0 || (b ?? 0) > 0) rows.push(row(label, a, b, "less", integer, counts));
  }
  return rows;
}

export function loadRows(now: LoadDistribution, before: LoadDistribution | null): SummaryRow[] {
  const show = (value: number): string => fixed(value, 2);
  const difference = (a: number, b: number): string => signed(a - b, show);
  return [
    row(
      "Busiest / idlest",
      now.maxOverMin,
      before?.maxOverMin ?? null,
      "less",
      (v) => (Number.isFinite(v) ? withUnit(show(v), "\u00d7") : NONE),
      difference,
    ),
    row("CV", now.cv, before?.cv ?? null, "less", show, difference),
    row("Jain, 1 is even", now.jain, before?.jain ?? null, "more", show, difference),
  ];
}

export function summaryTable(rows: readonly SummaryRow[], title: string, heads: readonly [string, string]): TableData {
  const at = (i: number): SummaryRow => rows[i] as SummaryRow;
  return {
    title,
    length: rows.length,
    columns: [
      { label: "Quantity", raw: (i) => at(i).label, show: (i) => at(i).label },
      { label: heads[0], raw: (i) => at(i).rawNow, show: (i) => at(i).now },
      { label: heads[1], raw: (i) => at(i).rawBefore, show: (i) => at(i).before },
      {
        label: "Change",
        raw: (i) =>
          at(i)
            .change.replace(/\u00a0/g, " ")
            .replace("\u2212", "-"),
        show: (i) => at(i).change,
      },
    ],
  };
}

// Curves -------------------------------------------------------------------------------------------------------------

/** Share of requests with a value of at most `seconds`; linear between the points of the curve. */
export function shareAt(cdf: Cdf, seconds: number): number {
  const { length } = cdf.seconds;
  if (length === 0) return NaN;
  const low = bisectRight(cdf.seconds, seconds);
  if (low === length) return cdf.share[length - 1] as number;
  if (low === 0) return 0;
  const [x0, x1, y0, y1] = [cdf.seconds[low - 1], cdf.seconds[low], cdf.share[low - 1], cdf.share[low]] as [number, number, number, number];
  return x1 > x0 ? y0 + ((y1 - y0) * (seconds - x0)) / (x1 - x0) : y1;
}

/** Value that this share of requests does not exceed. */
export function secondsAt(cdf: Cdf, share: number): number {
  for (let i = 0; i < cdf.share.length; i++) if ((cdf.share[i] as number) >= share) return cdf.seconds[i] as number;
  return cdf.seconds.length ? (cdf.seconds[cdf.seconds.length - 1] as number) : NaN;
}

export interface CdfModel {
  readonly id: "ttft" | "tpot" | "e2e";
  readonly title: string;
  readonly cdf: Cdf;
  readonly ghost: Cdf | null;
  readonly bound: number | null;
  readonly log: boolean;
  readonly domain: readonly [number, number];
  /** "95.0 % within 2 s", "73.2 % pinned". */
  readonly within: string;
  readonly ghostWithin: string;
  readonly share: number;
  readonly ghostShare: number;
}

export function selectCdf(
  id: CdfModel["id"],
  title: string,
  cdf: Cdf,
  ghost: Cdf | null,
  bound: number | null,
  ghostWord: string,
): CdfModel {
  const log = id !== "tpot";
  const end = Math.max(
    secondsAt(cdf, 0.997) || 0,
    ghost ? Math.min(secondsAt(ghost, 0.99) || 0, (secondsAt(cdf, 0.997) || 1) * 6) : 0,
    (bound ?? 0) * (log ? 2 : 1.6),
    1e-3,
  );
  const first = Math.min(
    ...[secondsAt(cdf, 0.01), ghost ? secondsAt(ghost, 0.01) : NaN, bound === null ? NaN : bound / 4].filter((v) => v > 0),
    end / 4,
  );
  const share = bound === null ? NaN : shareAt(cdf, bound);
  const ghostShare = bound === null || !ghost ? NaN : shareAt(ghost, bound);
  return {
    id,
    title,
    cdf,
    ghost,
    bound,
    log,
    domain: log ? [Math.max(first * 0.8, 1e-4), end * 1.05] : [0, end * 1.02],
    within: Number.isFinite(share) ? `${percent(share)} within ${limit(bound)}` : "",
    ghostWithin: Number.isFinite(ghostShare) ? `${percent(ghostShare)} ${ghostWord}` : "",
    share,
    ghostShare,
  };
}

export function cdfTable(model: CdfModel): TableData {
  return {
    title: model.title,
    length: 101,
    columns: [
      { label: "Share of requests", unit: "%", raw: (i) => i, show: (i) => integer(i) },
      { label: "This run", unit: "s", raw: (i) => secondsAt(model.cdf, i / 100), show: (i) => fixed(secondsAt(model.cdf, i / 100), 4) },
      ...(model.ghost
        ? [
            {
              label: "Compared run",
              unit: "s",
              raw: (i: number) => secondsAt(model.ghost as Cdf, i / 100),
              show: (i: number) => fixed(secondsAt(model.ghost as Cdf, i / 100), 4),
            },
          ]
        : []),
    ],
  };
}

export function cdfText(model: CdfModel): string {
  if (model.cdf.seconds.length === 0) return `${model.title}: no request has it yet.`;
  const half = secondsAt(model.cdf, 0.5);
  const most = secondsAt(model.cdf, 0.9);
  const unit = (v: number): string => (v < 0.1 ? `${fixed(v * 1000)} milliseconds` : `${fixed(v, 2)} seconds`);
  return `${model.title}: half of the requests within ${unit(half)}, 90 percent within ${unit(most)}${model.within ? `; ${model.within}${model.ghostWithin ? `, ${model.ghostWithin}` : ""}` : ""}.`;
}

// Batch sizes --------------------------------------------------------------------------------------------------------

export interface BarModel {
  /** Share of replica time per bar; bar i covers [i, i + 1) x width. */
  readonly shares: Float64Array;
  readonly ghost: Float64Array | null;
  readonly width: number;
  /** Largest batch on the axis. */
  readonly end: number;
}

const BARS = 24;

function binned(batchSize: Float64Array, width: number, bars: number): Float64Array {
  const shares = new Float64Array(bars);
  let total = 0;
  batchSize.forEach((seconds, size) => {
    const bar = Math.min(bars - 1, Math.floor(size / width));
    shares[bar] = (shares[bar] as number) + seconds;
    total += seconds;
  });
  if (total > 0) for (let i = 0; i < bars; i++) shares[i] = (shares[i] as number) / total;
  return shares;
}

export function selectBars(now: LoadDistribution, before: LoadDistribution | null): BarModel {
  const used = (load: LoadDistribution): number => {
    for (let i = load.batchSize.length - 1; i >= 0; i--) if ((load.batchSize[i] as number) > 0) return i;
    return 0;
  };
  const top = Math.max(4, used(now), before ? used(before) : 0);
  const width = Math.max(1, Math.ceil(top / BARS));
  const bars = Math.min(BARS, Math.ceil((top + 1) / width));
  return {
    shares: binned(now.batchSize, width, bars),
    ghost: before ? binned(before.batchSize, width, bars) : null,
    width,
    end: bars * width,
  };
}

export function barTable(model: BarModel): TableData {
  const label = (i: number): string => (model.width === 1 ? integer(i) : `${i * model.width} to ${(i + 1) * model.width - 1}`);
  return {
    title: "Batch size",
    length: model.shares.length,
    columns: [
      { label: "Requests in the batch", raw: label, show: label },
      {
        label: "This run",
        unit: "%",
        raw: (i) => (model.shares[i] as number) * 100,
        show: (i) => fixed((model.shares[i] as number) * 100, 2),
      },
      ...(model.ghost
        ? [
            {
              label: "Compared run",
              unit: "%",
              raw: (i: number) => (model.ghost?.[i] ?? NaN) * 100,
              show: (i: number) => fixed((model.ghost?.[i] ?? NaN) * 100, 2),
            },
          ]
        : []),
    ],
  };
}
