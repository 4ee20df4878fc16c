// goodput cheapest: the cheapest fleet that meets the SLOs.
import { axisValues } from "../analysis/axis-values.ts";
import { findCheapestFleet } from "../analysis/fleet-search.ts";
import type { FleetResult, FleetSearch } from "../analysis/types.ts";
import { gpus as catalog } from "../scenario/registries.ts";
import { hint } from "../scenario/suggest.ts";
import { dollars, percent, whole } from "./format.ts";
import { shareOf } from "./goodput.ts";
import { InputError } from "./input-error.ts";
import { columns, print, printJson } from "./print.ts";
import { confidenceOf, inPool, openStudy, seedsOf, windowOf } from "./study.ts";
import type { StudyFlags } from "./study.ts";
import { axisOf, wholeOf } from "./sweep-input.ts";

export interface CheapestFlags extends StudyFlags {
  readonly share?: string;
  readonly window?: string;
  readonly pool?: string;
  readonly gpus?: string;
  readonly replicas?: string;
  readonly tensor?: string;
  readonly pipeline?: string;
  readonly vary: readonly string[];
}

function gpusOf(given: string | undefined): { gpus?: readonly string[] } {
  if (given === undefined) return {};
  const known = catalog.map(({ id }) => id);
  const gpus = given.split(",").map((one) => one.trim());
  const wrong = gpus.find((id) => !known.includes(id));
  if (wrong !== undefined)
    throw new InputError(`--gpus ${given}: Unknown GPU "${wrong}".${hint(wrong, known)} Give some of ${known.join(", ")}.`);
  return { gpus };
}

/** "1,2,4" or "1..8". */
function wholesOf(flag: string, given: string): number[] {
  const outcome = axisValues(given);
  if (!outcome.ok) throw new InputError(`${flag} ${given}: ${outcome.error}`);
  return outcome.values.map((value) => wholeOf(flag, value, "a whole number", 1, 4096));
}

/** Fleets that are shown beside the best. */
const SHOWN = 12;

function cheapestTable({ statement, candidates, best, runs, exhaustiveRuns }: FleetResult): string {
  const tried = candidates.filter(({ verdict, attainment }) => attainment !== null || verdict === "impossible");
  const names = [...new Set(candidates.flatMap(({ values }) => Object.keys(values)))];
  const rows = tried
    .slice(0, SHOWN)
    .map((one) => [
      one === best ? "*" : "",
      ...names.map((name) => one.values[name] ?? ""),
      one.costPerHour === null ? "-" : `${dollars(one.costPerHour)}/h`,
      percent(one.attainment),
      one.low === null || one.high === null ? "" : `${percent(one.low)} to ${percent(one.high)}`,
      one.verdict,
      one.reason ?? "",
    ]);
  const head = ["", ...names, "cost", "SLOs met", "interval", "", ""];
  const rest = tried.length > SHOWN ? ` ${tried.length - SHOWN} more were tried.` : "";
  return [
    statement,
    columns([head, ...rows], [names.length + 1, names.length + 2]),
    `* the answer.${rest} ${whole(runs)} runs; trying every fleet with every seed takes ${whole(exhaustiveRuns)}.`,
  ].join("\n\n");
}

export async function cheapest(given: string, flags: CheapestFlags): Promise<void> {
  const { scenario, files } = await openStudy(given, flags);
  const pool = flags.pool === undefined ? 0 : wholeOf("--pool", flags.pool, "a pool of the scenario", 0, scenario.pools.length - 1);
  const replicas = wholesOf("--replicas", flags.replicas ?? "1..16");
  const search: FleetSearch = {
    scenario,
    pool,
    choices: {
      ...gpusOf(flags.gpus),
      replicas: { from: Math.min(...replicas), to: Math.max(...replicas) },
      ...(flags.tensor === undefined ? {} : { tensorParallel: wholesOf("--tensor", flags.tensor) }),
      ...(flags.pipeline === undefined ? {} : { pipelineParallel: wholesOf("--pipeline", flags.pipeline) }),
      policies: flags.vary.map(axisOf),
    },
    share: shareOf(flags.share),
    confidence: confidenceOf(flags),
    seeds: seedsOf(flags, scenario, 12),
    window: windowOf(flags.window, [0, 1]),
  };
  const result = await inPool(flags, files, (run, signal, tell) =>
    findCheapestFleet(run, search, {
      signal,
      progress: ({ runs, settled, kinds, best }) =>
        tell(`${runs} runs, ${settled} of ${kinds} kinds${best === null ? "" : `, best so far ${dollars(best.costPerHour)}/h`}`),
    }),
  );
  if (flags.json === true) printJson(result);
  else print(cheapestTable(result));
}
