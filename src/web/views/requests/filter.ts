// The filter box of the request table: "coder c6 ttft > 4 prompt <= 2000". Words name tenants, replicas, states; comparisons name columns.
import { Status, STATUS_NAMES } from "../../../engine/contracts.ts";
import type { RequestLog } from "../../../engine/metrics/results.ts";

export interface FilterContext {
  readonly log: RequestLog;
  readonly tenants: readonly string[];
  readonly replicaName: (replica: number) => string;
}

export type RowTest = (row: number) => boolean;

export interface ParsedFilter {
  /** One test per term; a row passes when all do. */
  readonly tests: readonly RowTest[];
  /** One sentence for the first term that was not understood; empty otherwise. */
  readonly trouble: string;
}

interface Quantity {
  readonly scale: number;
  readonly of: (log: RequestLog, row: number) => number;
}

/** Quantities that can be compared, in seconds or counts, and what one written number means: TPOT is written in ms, as its column is. */
export const QUANTITIES = {
  id: { scale: 1, of: (log, row) => log.id[row] as number },
  prompt: { scale: 1, of: (log, row) => log.promptTokens[row] as number },
  output: { scale: 1, of: (log, row) => log.outputTokens[row] as number },
  arrived: { scale: 1, of: (log, row) => log.arrivedAt[row] as number },
  wait: { scale: 1, of: (log, row) => (log.scheduledAt[row] as number) - (log.arrivedAt[row] as number) },
  prefill: { scale: 1, of: (log, row) => (log.firstTokenAt[row] as number) - (log.scheduledAt[row] as number) },
  ttft: { scale: 1, of: (log, row) => (log.firstTokenAt[row] as number) - (log.arrivedAt[row] as number) },
  tpot: { scale: 0.001, of: tpotOf },
  e2e: {
    scale: 1,
    of: (log, row) => (log.status[row] === Status.completed ? (log.finishedAt[row] as number) - (log.arrivedAt[row] as number) : NaN),
  },
  preemptions: { scale: 1, of: (log, row) => log.preemptions[row] as number },
  cached: { scale: 1, of: (log, row) => log.cachedTokens[row] as number },
} as const satisfies Readonly<Record<string, Quantity>>;
const BY_NAME = new Map<string, Quantity>(Object.entries(QUANTITIES));

/** (last - first token) / (output - 1); NaN for one token and for requests that did not complete. */
export function tpotOf(log: RequestLog, row: number): number {
  const output = log.outputTokens[row] as number;
  if (log.status[row] !== Status.completed || output < 2) return NaN;
  return ((log.finishedAt[row] as number) - (log.firstTokenAt[row] as number)) / (output - 1);
}

const COMPARE: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  ">": (a, b) => a > b,
  "<": (a, b) => a < b,
  ">=": (a, b) => a >= b,
  "<=": (a, b) => a <= b,
  "=": (a, b) => Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(b)),
};

function valueOf(text: string, scale: number): number {
  const clock = /^(\d+):(\d{1,2}(?:\.\d+)?)$/.exec(text);
  if (clock) return Number(clock[1]) * 60 + Number(clock[2]);
  const unit = /^([\d.]+)(ms|s)?$/.exec(text);
  if (!unit) return NaN;
  return Number(unit[1]) * (unit[2] === "ms" ? 0.001 : unit[2] === "s" ? 1 : scale);
}

export function parseFilter(text: string, context: FilterContext): ParsedFilter {
  const { log } = context;
  const tests: RowTest[] = [];
  const pattern = /([a-z][\w-]*)\s*(>=|<=|>|<|=)\s*(\S+)|([^\s,;]+)/gi;
  for (const match of text.matchAll(pattern)) {
    const [whole, name, operator, number, word] = match;
    if (name !== undefined && operator !== undefined && number !== undefined) {
      const quantity = BY_NAME.get(name.toLowerCase());
      const compare = COMPARE[operator];
      if (!quantity || !compare) return { tests, trouble: `"${name}" is no column to compare. Known: ${[...BY_NAME.keys()].join(", ")}.` };
      const bound = valueOf(number.replace(/[,;]$/, ""), quantity.scale);
      if (Number.isNaN(bound))
        return { tests, trouble: `"${number}" in "${whole}" is not a number. Write for example ${name} ${operator} 2.` };
      tests.push((row) => compare(quantity.of(log, row), bound));
      continue;
    }
    if (word === undefined) continue;
    const lower = word.toLowerCase();
    const status = (STATUS_NAMES as readonly string[]).indexOf(lower);
    if (lower === "late") tests.push((row) => log.met[row] === 0);
    else if (lower === "met") tests.push((row) => log.met[row] === 1);
    else if (status >= 0) tests.push((row) => log.status[row] === status);
    else if (/^\d+$/.test(word)) {
      const id = Number(word);
      tests.push((row) => log.id[row] === id);
    } else {
      const tenants = new Set<number>();
      context.tenants.forEach((tenant, i) => tenant.toLowerCase().startsWith(lower) && tenants.add(i));
      tests.push(
        (row) => tenants.has(log.tenant[row] as number) || context.replicaName(log.replica[row] as number).toLowerCase() === lower,
      );
    }
  }
  return { tests, trouble: "" };
}
