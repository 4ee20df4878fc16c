// Waiting against load: one GPU with equal jobs is the M/D/1 queue of the textbooks.
import { oneGpuQueue } from "../../scenario/presets/one-gpu-queue.ts";
import type { RunFigures } from "../../analysis/experiment.ts";
import type { Card } from "../card.ts";
import { changed } from "../varied.ts";

const RATES = [0.5, 1, 1.5, 2, 2.5] as const;
const SECONDS = 40_000;

/** Load and mean wait of a run; the wait in service times. */
function measured({ metrics, requests }: RunFigures): { readonly load: number; readonly wait: number } {
  const service = metrics["ttft.mean"]! - metrics["queueing.mean"]!;
  return { load: (requests.total / SECONDS) * service, wait: metrics["queueing.mean"]! / service };
}

/** Pollaczek and Khinchine with constant service, in service times. */
const theory = (load: number): number => load / (2 * (1 - load));

export const waitingLaw: Card = {
  id: "waiting-law",
  title: "Waiting against load",
  question: "trust",
  topic: "Laws",
  from: "M/D/1, closed form",
  source: "Pollaczek (1930) and Khinchine (1932): mean wait = load / (2 (1 - load)) service times",
  lesson: "The last tenth of load costs more waiting than all before it, as theory says.",
  differences: "Runs of eleven hours, one seed; the load is the one that the run had. Sampling error is what is left: 8 %.",
  scenario: () => oneGpuQueue.scenario,
  runs: () =>
    RATES.map((rate) => ({
      key: String(rate),
      scenario: changed(oneGpuQueue.scenario, [`traffic.source.arrivals.params.rate=${rate}`, `traffic.maxSeconds=${SECONDS}`]),
    })),
  read: (of) => {
    const points = RATES.map((rate) => measured(of(String(rate))));
    return {
      chart: {
        x: "load",
        y: "mean wait, services",
        series: [
          {
            name: "one GPU",
            kind: "line",
            ours: points.map(({ load, wait }) => [load, wait]),
            published: points.map(({ load }) => [load, theory(load)]),
          },
        ],
      },
      values: points.map(({ load, wait }) => ({
        name: `load ${load.toFixed(2)}, mean wait`,
        unit: "services",
        published: theory(load),
        ours: wait,
        within: { relative: 0.08 },
      })),
    };
  },
};
