// The request table's rows: which, in which order, and what each cell says. Pure; the log stays columns.
import { bisector } from "d3-array";
import { Status } from "../../../engine/contracts.ts";
import type { RequestLog } from "../../../engine/metrics/results.ts";
import type { SloClass } from "../../../scenario/types.ts";
import type { RequestFilter } from "../../state/view-store.ts";
import { clock, fixed, integer, NONE } from "../../ui/format.ts";
import { csvField } from "../../ui/chart/table-data.ts";
import { parseFilter, QUANTITIES, tpotOf, type FilterContext, type ParsedFilter, type RowTest } from "./filter.ts";
import { filterRows, sortRows } from "./sort.ts";

export const COLUMN_IDS = ["id", "tenant", "arrived", "prompt", "output", "replica", "ttft", "tpot", "e2e", "phases", "slo"] as const;
export type ColumnId = (typeof COLUMN_IDS)[number];

export interface RowContext extends FilterContext {
  readonly classes: readonly SloClass[];
}

/** Number by which a column sorts a row. Names sort by their own order. */
export function keyOf(column: ColumnId, context: RowContext): (row: number) => number {
  const { log } = context;
  if (column === "tenant") {
    const order = context.tenants.map((_, i) => i).sort((a, b) => (context.tenants[a] ?? "").localeCompare(context.tenants[b] ?? ""));
    const rank = context.tenants.map((_, i) => order.indexOf(i));
    return (row) => rank[log.tenant[row] as number] ?? (log.tenant[row] as number);
  }
  if (column === "replica") return (row) => ((log.pool[row] as number) + 1) * 1e6 + (log.replica[row] as number);
  if (column === "slo")
    return (row) =>
      log.met[row] === 1 ? 9 : missed(context, row).length > 1 ? 0 : 1 + ["TTFT", "TPOT", "E2E"].indexOf(missed(context, row)[0] ?? "");
  const quantity = QUANTITIES[column === "phases" ? "wait" : column];
  return (row) => quantity.of(log, row);
}

/** Limits that a completed request missed. */
export function missed({ log, classes }: RowContext, row: number): readonly ("TTFT" | "TPOT" | "E2E")[] {
  if (log.status[row] !== Status.completed) return [];
  const slo = classes[log.sloClass[row] as number];
  if (!slo) return [];
  const over = (name: "ttft" | "tpot" | "e2e", bound: number | null): boolean => bound !== null && QUANTITIES[name].of(log, row) > bound;
  const list: ("TTFT" | "TPOT" | "E2E")[] = [];
  if (over("ttft", slo.ttft)) list.push("TTFT");
  if (over("tpot", slo.tpot)) list.push("TPOT");
  if (over("e2e", slo.e2e)) list.push("E2E");
  return list;
}

export interface Arrangement {
  readonly filter: RequestFilter;
  readonly range: readonly [number, number] | null;
  readonly sort: { readonly column: ColumnId; readonly descending: boolean };
}

export function testsOf(arrangement: Arrangement, context: RowContext): ParsedFilter {
  const { filter, range } = arrangement;
  const { log } = context;
  const tests: RowTest[] = [];
  if (filter.lateOnly) tests.push((row) => log.met[row] === 0);
  if (filter.tenant !== null) tests.push((row) => log.tenant[row] === filter.tenant);
  if (filter.replica !== null) tests.push((row) => log.replica[row] === filter.replica);
  if (range) tests.push((row) => (log.arrivedAt[row] as number) >= range[0] && (log.arrivedAt[row] as number) < range[1]);
  const words = parseFilter(filter.text, context);
  return { tests: [...tests, ...words.tests], trouble: words.trouble };
}

/** Filters, then sorts; ties stand in the order of arrival. */
export function* arrange(arrangement: Arrangement, context: RowContext): Generator<void, Uint32Array> {
  const rows = yield* filterRows(context.log.length, testsOf(arrangement, context).tests);
  const { column, descending } = arrangement.sort;
  const byArrival = yield* sortRows(rows, keyOf("id", context), column === "id" && descending);
  return column === "id" ? byArrival : yield* sortRows(byArrival, keyOf(column, context), descending);
}

export interface CellText {
  readonly text: string;
  readonly late: boolean;
}

const plain = (text: string): CellText => ({ text, late: false });

export function cellText(column: ColumnId, context: RowContext, row: number): CellText {
  const { log } = context;
  const late = missed(context, row);
  const value = (name: "ttft" | "tpot" | "e2e"): number => QUANTITIES[name].of(log, row);
  switch (column) {
    case "id":
      return plain(String(log.id[row]));
    case "tenant":
      return plain(context.tenants[log.tenant[row] as number] ?? String(log.tenant[row]));
    case "arrived":
      return plain(clock(log.arrivedAt[row], 1));
    case "prompt":
      return plain(integer(log.promptTokens[row]));
    case "output":
      return plain(integer(log.outputTokens[row]));
    case "replica":
      return plain(context.replicaName(log.replica[row] as number));
    case "ttft":
      return { text: fixed(value("ttft"), 2), late: late.includes("TTFT") };
    case "tpot":
      return { text: Number.isNaN(value("tpot")) ? NONE : fixed(value("tpot") * 1000, 0), late: late.includes("TPOT") };
    case "e2e":
      return { text: fixed(value("e2e"), 1), late: late.includes("E2E") };
    case "slo":
      return sloText(context, row, late);
    default:
      return plain("");
  }
}

function sloText({ log }: RowContext, row: number, late: readonly string[]): CellText {
  const status = log.status[row];
  if (status === Status.refused) return { text: "refused", late: true };
  if (status === Status.failed) return { text: "failed", late: true };
  if (status === Status.unfinished) return plain("running");
  if (log.met[row] === 1) return plain("met");
  return { text: late.length > 1 ? `late, ${late.length} SLOs` : late.length === 1 ? `late, ${late[0]}` : "late", late: true };
}

/** Seconds of waiting, prefill and decode, for the bar. */
export function phasesOf(log: RequestLog, row: number): readonly [wait: number, prefill: number, decode: number] {
  const arrived = log.arrivedAt[row] as number;
  const scheduled = log.scheduledAt[row] as number;
  const first = log.firstTokenAt[row] as number;
  const end = log.finishedAt[row] as number;
  if (Number.isNaN(scheduled)) return [Math.max(0, end - arrived) || 0, 0, 0];
  if (Number.isNaN(first)) return [scheduled - arrived, Math.max(0, end - scheduled) || 0, 0];
  return [scheduled - arrived, first - scheduled, Math.max(0, end - first) || 0];
}

export const CSV_HEAD =
  "id,tenant,arrived_at,prompt_tokens,output_tokens,pool,replica,status,scheduled_at,first_token_at,finished_at,preemptions,cached_tokens,ttft,tpot,met\n";

const STATUS = ["completed", "refused", "failed", "unfinished"];

/** Lines of CSV, a few thousand per yield. */
export function* csvLines(
  rows: Uint32Array,
  context: RowContext,
  poolName: (pool: number) => string,
  out: string[],
): Generator<void, void> {
  const { log } = context;
  const number = (value: number | undefined): string => (value === undefined || Number.isNaN(value) ? "" : String(value));
  out.push(CSV_HEAD);
  for (let from = 0; from < rows.length; from += 2000) {
    let text = "";
    for (let i = from; i < Math.min(rows.length, from + 2000); i++) {
      const row = rows[i] as number;
      text += [
        log.id[row],
        csvField(context.tenants[log.tenant[row] as number] ?? ""),
        log.arrivedAt[row],
        log.promptTokens[row],
        log.outputTokens[row],
        csvField(poolName(log.pool[row] as number)),
        csvField(context.replicaName(log.replica[row] as number).replace(NONE, "")),
        STATUS[log.status[row] as number] ?? "",
        number(log.scheduledAt[row]),
        number(log.firstTokenAt[row]),
        number(log.finishedAt[row]),
        log.preemptions[row],
        log.cachedTokens[row],
        number((log.firstTokenAt[row] as number) - (log.arrivedAt[row] as number)),
        number(tpotOf(log, row)),
        log.met[row],
      ].join(",");
      text += "\n";
    }
    out.push(text);
    yield;
  }
}

/** Position of the first row at or after a time, in rows sorted by arrival. */
export function rowNear(rows: Uint32Array, log: RequestLog, time: number): number {
  return bisector<number, number>((row) => log.arrivedAt[row] as number).left(rows, time);
}
