// The highest rate that meets the SLOs, found by trying them all: what the search is held against in tests and benches.
import { meanOf, replicate } from "./replications.ts";
import type { GoodputSearch, RunScenario } from "./types.ts";

/** Rate scales on a grid of 1 % between two ends, and of a tenth of that above the last that meets the SLOs; 0 where none does. */
export async function exhaustiveScale(
  run: RunScenario,
  { scenario, seeds, share, window }: GoodputSearch,
  [from, to]: readonly [number, number],
): Promise<number> {
  const meets = async (rateScale: number): Promise<boolean> => {
    const figures = await replicate(run, { ...scenario, traffic: { ...scenario.traffic, rateScale } }, seeds, { window });
    return meanOf(figures.map(({ metrics }) => metrics.slo ?? 0)) >= share;
  };
  const last = async (low: number, high: number, ratio: number): Promise<number> => {
    let best = 0;
    for (let scale = low; scale <= high; scale *= ratio) if (await meets(scale)) best = scale;
    return best;
  };
  const coarse = await last(from, to, 1.01);
  return await last(coarse, coarse * 1.01, 1.001);
}
