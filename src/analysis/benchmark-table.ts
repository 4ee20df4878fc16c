// A table of serving benchmarks -> the runs of a scenario: one row is one run of a load generator, with its traffic and the means that it reported.
import type { MeasuredRun } from "../latency/calibrate/types.ts";
import { setPath } from "../scenario/set-path.ts";
import type { Choice, Scenario, TrafficSource } from "../scenario/types.ts";
import { plainName } from "../workload/formats/named-table.ts";
import { splitRow } from "../workload/formats/table.ts";

export interface BenchmarkRun extends MeasuredRun {
  /** Line of the file. */
  readonly line: number;
  readonly scenario: Scenario;
}

export interface RefusedRun {
  readonly line: number;
  readonly reason: string;
}

export type BenchmarkTable =
  | {
      readonly ok: true;
      readonly runs: readonly BenchmarkRun[];
      readonly refused: readonly RefusedRun[];
      readonly notes: readonly string[];
    }
  | { readonly ok: false; readonly text: string };

/** Columns by the names that load generators give them, plain (without case and punctuation). */
const COLUMNS = {
  name: ["run", "name", "id"],
  rate: ["rate", "request_rate", "rate_req_s", "qps", "rps"],
  concurrency: ["concurrency", "max_concurrency", "users", "clients"],
  arrivals: ["arrivals"],
  prompt: ["isl", "input_tokens", "prompt_tokens", "input_len", "random_input_len"],
  output: ["osl", "output_tokens", "output_len", "random_output_len"],
  requests: ["requests", "num_prompts", "num_requests", "completed"],
  seconds: ["duration_s", "duration"],
} as const;
type Column = keyof typeof COLUMNS;

const MEASURED = { ttft: ["ttft"], tpot: ["tpot", "itl"], e2e: ["e2e", "e2el", "latency"] } as const;
const UNITS = [
  ["_ms", 1e-3],
  ["_s", 1],
] as const;

/** Requests of a run where the table does not say; per client in a closed loop. */
const REQUESTS = 500;
const REQUESTS_PER_CLIENT = 10;
/** More are not simulated: means have settled, and every run is simulated some fifty times. */
export const MOST_REQUESTS = 3000;

class BadRun extends Error {}

/** A measured mean: its column and seconds per unit; null where the table has none. */
function meanColumn(names: readonly string[], quantity: readonly string[]): { readonly place: number; readonly seconds: number } | null {
  for (const of of quantity)
    for (const [unit, seconds] of UNITS)
      for (const name of [`${of}_mean${unit}`, `mean_${of}${unit}`, `${of}${unit}`]) {
        const place = names.indexOf(name);
        if (place >= 0) return { place, seconds };
      }
  return null;
}

function positive(text: string, column: string, whole: boolean): number {
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value) || (whole && !Number.isSafeInteger(Math.round(value))))
    throw new BadRun(`${column} "${text}": give a number above 0`);
  return whole ? Math.max(1, Math.round(value)) : value;
}

interface Cells {
  text(column: Column): string;
  number(column: Column, whole?: boolean): number | null;
}

function arrivalsOf(row: Cells): { readonly choice: Choice; readonly usual: number } | null {
  const [rate, users] = [row.number("rate"), row.number("concurrency", true)];
  // Load generators give an unlimited rate beside a limit of requests in flight.
  if (users !== null) return { choice: { id: "closed-loop", params: { concurrency: users } }, usual: users * REQUESTS_PER_CLIENT };
  if (rate === null) return null;
  const kind = row.text("arrivals").toLowerCase() || "poisson";
  if (kind !== "poisson" && kind !== "constant") throw new BadRun(`arrivals "${kind}": give poisson or constant`);
  const seconds = row.number("seconds");
  return { choice: { id: kind, params: { rate } }, usual: seconds === null ? REQUESTS : Math.max(1, Math.round(rate * seconds)) };
}

function lengthsOf(row: Cells): Choice | null {
  const [prompt, output] = [row.number("prompt", true), row.number("output", true)];
  if (prompt === null && output === null) return null;
  if (prompt === null || output === null)
    throw new BadRun("only one of input and output length is given: give both, or neither to keep those of the scenario");
  return { id: "fixed", params: { prompt, output } };
}

/** The traffic of a run: what the row says, and of the scenario what it does not. */
function trafficOf(row: Cells, { traffic }: Scenario): Scenario["traffic"] {
  const [arrivals, lengths] = [arrivalsOf(row), lengthsOf(row)];
  if (arrivals === null && lengths === null) return traffic;
  const { source } = traffic;
  let next: TrafficSource;
  if (source.kind === "synthetic")
    next = { kind: "synthetic", arrivals: arrivals?.choice ?? source.arrivals, lengths: lengths ?? source.lengths };
  else if (arrivals !== null && lengths !== null) next = { kind: "synthetic", arrivals: arrivals.choice, lengths };
  else if (source.kind === "preset" && arrivals !== null) next = { ...source, arrivals: arrivals.choice };
  else throw new BadRun("the scenario's traffic cannot be joined with it: give rate or concurrency, isl and osl");
  const wanted = row.number("requests", true) ?? arrivals?.usual ?? traffic.maxRequests ?? REQUESTS;
  return {
    source: next,
    rateScale: 1,
    promptScale: lengths === null ? traffic.promptScale : 1,
    outputScale: lengths === null ? traffic.outputScale : 1,
    maxRequests: Math.min(MOST_REQUESTS, wanted),
    maxSeconds: null,
  };
}

/** Never throws: a row that cannot be used is listed with its line, a table that cannot be used gives one sentence. */
export function readBenchmarks(text: string, base: Scenario): BenchmarkTable {
  if (base.traffic.source.kind === "trace")
    return {
      ok: false,
      text: "The scenario's traffic is a trace, and runs of a load generator have none: give a scenario with synthetic traffic.",
    };
  const other = base.pools.findIndex(({ latency }) => latency.id !== "roofline");
  if (other >= 0)
    return {
      ok: false,
      text: `pools[${other}].latency is "${base.pools[other]!.latency.id}", and what is calibrated are the parameters of the roofline: choose "roofline".`,
    };
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  const delimiter = [",", ";", "\t"].find((mark) => (lines[0] ?? "").includes(mark)) ?? ",";
  const head = splitRow(lines[0] ?? "", delimiter);
  if (head === null) return { ok: false, text: "The first line has an open quotation mark: correct it." };
  const names = head.map(plainName);
  const means = Object.fromEntries(Object.entries(MEASURED).map(([id, of]) => [id, meanColumn(names, of)])) as Record<
    keyof typeof MEASURED,
    ReturnType<typeof meanColumn>
  >;
  if (Object.values(means).every((mean) => mean === null))
    return {
      ok: false,
      text: `There is no measured mean (looked for ttft_ms, mean_ttft_ms, tpot_ms, itl_ms, e2e_ms, e2el_ms, or the same with _s; found ${head.filter((name) => name !== "").join(", ") || "nothing"}): name a column so.`,
    };
  const places = Object.fromEntries(
    Object.entries(COLUMNS).map(([id, known]) => [id, names.findIndex((name) => (known as readonly string[]).includes(name))]),
  ) as Record<Column, number>;
  const paths = head.flatMap((name, place) =>
    /[.[]/.test(name) && !Object.values(means).some((mean) => mean?.place === place) ? [{ name, place }] : [],
  );
  const used = new Set([
    ...Object.values(places),
    ...Object.values(means).map((mean) => mean?.place ?? -1),
    ...paths.map(({ place }) => place),
  ]);
  const unused = head.filter((name, place) => name !== "" && !used.has(place));
  const notes =
    unused.length > 0
      ? [`Columns that are not used: ${unused.slice(0, 12).join(", ")}${unused.length > 12 ? ` and ${unused.length - 12} more` : ""}.`]
      : [];
  const runs: BenchmarkRun[] = [];
  const refused: RefusedRun[] = [];
  let cut = 0;
  lines.slice(1).forEach((line, i) => {
    if (line.trim() === "") return;
    const at = i + 2;
    try {
      const cells = splitRow(line, delimiter);
      if (cells === null) throw new BadRun("a quotation mark is not closed");
      const cell = (place: number): string => (place < 0 ? "" : (cells[place] ?? ""));
      const row: Cells = {
        text: (column) => cell(places[column]),
        number: (column, whole = false) => {
          const value = cell(places[column]);
          return value === "" || /^inf/i.test(value) ? null : positive(value, head[places[column]]!, whole);
        },
      };
      const measured = Object.fromEntries(
        Object.entries(means).map(([id, mean]) => {
          const value = mean === null ? "" : cell(mean.place);
          return [id, value === "" ? null : positive(value, head[mean!.place]!, false) * mean!.seconds];
        }),
      ) as unknown as MeasuredRun["measured"];
      if (Object.values(measured).every((value) => value === null)) throw new BadRun("it has no measured mean");
      let scenario: Scenario = base;
      for (const { name, place } of paths) {
        if (cell(place) === "") continue;
        const outcome = setPath(scenario, `${name}=${cell(place)}`);
        if (!outcome.ok) throw new BadRun(outcome.errors[0] ?? "");
        scenario = outcome.scenario;
      }
      const traffic = trafficOf(row, scenario);
      if ((row.number("requests", true) ?? 0) > MOST_REQUESTS) cut++;
      runs.push({ line: at, name: row.text("name") || `line ${at}`, measured, scenario: { ...scenario, traffic } });
    } catch (error) {
      if (!(error instanceof BadRun)) throw error;
      refused.push({ line: at, reason: error.message });
    }
  });
  if (cut > 0) notes.push(`Of ${cut} runs the first ${MOST_REQUESTS} requests are simulated.`);
  if (runs.length === 0) {
    const [first] = refused;
    return {
      ok: false,
      text:
        first === undefined ? "There is no run in it: give a row for each." : `No run can be used. Line ${first.line}: ${first.reason}.`,
    };
  }
  return { ok: true, runs, refused, notes };
}
