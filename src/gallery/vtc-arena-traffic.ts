// The arena trace of the VTC paper (fair_bench/real_trace.pkl in Ying1123/VTC-artifact at 192c2e2, chat.lmsys.org resampled to 600 s) as traffic that a link can
// hold: what each of its 27 clients sent in each minute. Lengths are drawn by the quantiles of all, as in the preset.
import type { MeasuredFigures } from "../analysis/types.ts";
import type { Scenario } from "../scenario/types.ts";
import type { CardRun } from "./card.ts";
import { changed, seeded } from "./varied.ts";
import { served, suiteOf } from "./vtc-suites.ts";

/** Counted in the trace: requests of each client in each of ten minutes, 1,500 in all. */
const CLIENTS: readonly (readonly number[])[] = [
  [56, 38, 44, 23, 14, 5, 4, 4, 6, 5],
  [1, 1, 4, 2, 3, 3, 5, 5, 8, 8],
  [23, 22, 42, 26, 23, 33, 30, 31, 35, 31],
  [0, 0, 0, 0, 0, 0, 0, 4, 6, 12],
  [0, 0, 0, 0, 9, 15, 14, 12, 8, 8],
  [21, 17, 18, 13, 3, 8, 12, 11, 9, 8],
  [10, 3, 13, 7, 4, 5, 6, 8, 8, 3],
  [3, 6, 7, 4, 2, 4, 10, 6, 6, 8],
  [2, 0, 2, 6, 4, 2, 5, 3, 3, 9],
  [1, 0, 1, 1, 2, 3, 4, 6, 2, 3],
  [0, 0, 0, 22, 67, 30, 36, 31, 34, 42],
  [2, 0, 1, 5, 3, 2, 5, 2, 2, 4],
  [0, 2, 7, 1, 6, 6, 2, 7, 6, 6],
  [9, 1, 5, 4, 3, 5, 10, 2, 1, 4],
  [3, 7, 5, 3, 4, 0, 0, 0, 0, 0],
  [0, 0, 0, 3, 11, 4, 8, 6, 10, 4],
  [0, 0, 0, 2, 2, 2, 8, 1, 2, 8],
  [3, 0, 0, 0, 0, 0, 0, 0, 0, 0],
  [5, 3, 4, 0, 0, 0, 0, 0, 0, 0],
  [4, 10, 5, 0, 0, 0, 0, 0, 0, 0],
  [0, 0, 0, 0, 0, 0, 3, 3, 13, 12],
  [1, 1, 0, 0, 0, 0, 0, 0, 0, 0],
  [0, 0, 0, 0, 0, 0, 2, 5, 6, 6],
  [4, 7, 0, 0, 0, 0, 0, 0, 0, 0],
  [0, 0, 0, 0, 0, 0, 0, 0, 0, 2],
  [4, 3, 0, 0, 0, 0, 0, 0, 0, 0],
  [0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
];
const MINUTE = 60;
/** Lengths are drawn: figures are means over so many seeds. */
const SEEDS = 3;

/** So many requests of a client in one minute, evenly: its first comes one gap after the start, give or take a random phase. */
function stretch(client: number, minute: number, requests: number): readonly number[] {
  const from = minute * MINUTE;
  const to = from + (MINUTE * (requests + 0.5)) / (requests + 1);
  const rate = (requests + 1) / MINUTE;
  return [client + 1, from, Number(to.toFixed(1)), Number(rate.toFixed(4)), Number(rate.toFixed(4)), 0];
}

const rates = CLIENTS.flatMap((minutes, client) =>
  minutes.flatMap((requests, minute) => (requests === 0 ? [] : [stretch(client, minute, requests)])),
);

let made: Scenario | null = null;
export const arena = (): Scenario =>
  (made ??= changed(suiteOf("vtc-real"), [
    "name=27 clients of an arena, minute by minute",
    `traffic.source.arrivals=${JSON.stringify({ id: "tenant-rates", params: { rates } })}`,
  ]));

/** What the cards of this trace say of it. */
export const ARENA =
  "The trace itself is not part of this page; what each client sent in each minute is, evenly within it, with lengths drawn by the quantiles of all (means over three seeds)";
/** 1,500 lengths differ from draw to draw by 3 % in the work that they are, and a fifth of that work has to wait: two standard deviations of a wait. */
export const DRAWN = 0.3;

/** One run per seed of what each tenant was served. */
export const arenaRuns = (name: string, scenario: Scenario): CardRun[] =>
  seeded(name, scenario, SEEDS).map((run) => served(run.key, run.scenario, []));

export function arenaMean(of: (key: string) => MeasuredFigures, name: string, value: (figures: MeasuredFigures) => number): number {
  let sum = 0;
  for (let seed = 1; seed <= SEEDS; seed++) sum += value(of(`${name} ${seed}`));
  return sum / SEEDS;
}
