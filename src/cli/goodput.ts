// goodput goodput: the highest rate that meets the SLOs, or (--slo-scale) the tightest SLOs at the rate there is.
import { findGoodput, findSloScale } from "../analysis/goodput-search.ts";
import type { GoodputResult, GoodputSearch, SloScaleResult } from "../analysis/types.ts";
import { figure, percent } from "./format.ts";
import { columns, print, printJson } from "./print.ts";
import { betweenOf, confidenceOf, inPool, openStudy, seedsOf, windowOf } from "./study.ts";
import type { StudyFlags } from "./study.ts";

export interface GoodputFlags extends StudyFlags {
  readonly share?: string;
  readonly tolerance?: string;
  readonly window?: string;
  readonly sloScale?: boolean;
}

export const shareOf = (given: string | undefined): number => betweenOf("--share", given, 0.9, "a share of the requests", 0, 1);

const interval = ({ low, high }: { readonly low: number; readonly high: number }): string => `${percent(low)} to ${percent(high)}`;

function goodputTable({ statement, curve, rate, runs, monotone }: GoodputResult): string {
  const rows = curve.map((point) => [
    point.rate === rate ? "*" : "",
    `${figure(point.rate, 4)} req/s`,
    figure(point.rate / point.gpus, 4),
    percent(point.attainment),
    interval(point),
  ]);
  const uneven = monotone
    ? ""
    : "\nA higher rate meets the SLOs better than a lower one: there may be several answers, and this is one of them.";
  return [
    statement + uneven,
    columns([["", "rate", "per GPU", "SLOs met", "interval"], ...rows], [1, 2, 3, 4]),
    `* the answer; ${curve.length} rates, ${runs} runs.`,
  ].join("\n\n");
}

function scaleTable({ statement, curve, factor, runs }: SloScaleResult): string {
  const rows = curve.map((point) => [
    point.factor === factor ? "*" : "",
    figure(point.factor, 4),
    percent(point.attainment),
    interval(point),
  ]);
  return [
    statement,
    columns([["", "limits x", "SLOs met", "interval"], ...rows], [1, 2, 3]),
    `* the answer; ${curve.length} factors, ${runs} runs.`,
  ].join("\n\n");
}

export async function goodputVerb(given: string, flags: GoodputFlags): Promise<void> {
  const { scenario, files } = await openStudy(given, flags);
  const search: GoodputSearch = {
    scenario,
    share: shareOf(flags.share),
    confidence: confidenceOf(flags),
    seeds: seedsOf(flags, scenario, 10),
    tolerance: betweenOf("--tolerance", flags.tolerance, 0.005, "a tolerance", 0.0001, 0.5),
    window: windowOf(flags.window, [0.1, 1]),
  };
  if (flags.sloScale === true) {
    const found = await inPool(flags, files, (run, signal, tell) =>
      findSloScale(run, search, { signal, progress: (curve) => tell(`${curve.length} factors tried`) }),
    );
    return flags.json === true ? printJson(found) : print(scaleTable(found));
  }
  const found = await inPool(flags, files, (run, signal, tell) =>
    findGoodput(run, search, {
      signal,
      progress: ({ runs, bracket }) =>
        tell(`${runs} runs${bracket === null ? "" : `, between ${figure(bracket[0], 4)} and ${figure(bracket[1], 4)} req/s`}`),
    }),
  );
  if (flags.json === true) printJson(found);
  else print(goodputTable(found));
}
