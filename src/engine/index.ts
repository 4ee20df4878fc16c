// The engine: a discrete-event simulation of a fleet at the level of engine iterations. It is stepped by its caller and knows no clock but its own.
import { routingReport } from "./metrics/routing-report.ts";
import type { RoutingReport } from "./metrics/routing-report.ts";
import type { SimulationConfig } from "./config.ts";
import { RunRecorder } from "./metrics/run-recorder.ts";
import { cdfOf, summarize } from "./metrics/summary.ts";
import type { Cdf, FleetEvent, FleetSamples, LoadDistribution, RequestLog, ScalingDecision, Series, Summary } from "./metrics/results.ts";
import { Simulation } from "./simulation.ts";
import type { Recorder } from "./recorder.ts";

/** A simulation with its recorder. */
export interface Engine {
  readonly simulation: Simulation;
  /** Quantiles are exact when `exact` and requests are kept, else from sketches (within 0.4 %). */
  summary(exact: boolean): Summary;
  series(): Series;
  fleet(): FleetSamples;
  events(): readonly FleetEvent[];
  /** Changes that autoscalers asked for, and why; the first 10,000. */
  decisions(): readonly ScalingDecision[];
  /** Some pool has an autoscaler that may ask for one. */
  readonly scales: boolean;
  /** Prefix caches and the router's memory as they stand; null where there is neither. Walks all blocks: not for every picture. */
  routing(): RoutingReport | null;
  cdfs(): { ttft: Cdf; tpot: Cdf; e2e: Cdf };
  load(): LoadDistribution;
  /** Ended requests, rows [from, to) in the order of their ends. Empty when requests are not kept. */
  requests(from?: number, to?: number): RequestLog;
  readonly endedCount: number;
}

export interface EngineOptions {
  /** Keep a row of every ended request (about 60 bytes each). */
  readonly keepRequests: boolean;
  /** Further listeners. */
  readonly recorders?: readonly Recorder[];
}

export function createEngine(config: SimulationConfig, options: EngineOptions): Engine {
  const recorder = new RunRecorder(config, options);
  const { recorders = [] } = options;
  const simulation = new Simulation(config, [recorder, ...recorders], (created) => {
    recorder.attach(created);
    for (const more of recorders) more.begin?.(created);
  });
  const { log } = recorder;
  return {
    simulation,
    summary: (exact) => summarize(recorder, exact),
    series: () => {
      recorder.digest();
      return recorder.series.picture();
    },
    fleet: () => recorder.fleet.picture(),
    events: () => recorder.fleet.events,
    decisions: () => recorder.decisions,
    scales: simulation.policies.autoscalers.some(({ tick }) => tick !== undefined),
    routing: () => routingReport(simulation, simulation.content.sharing),
    cdfs: () => {
      recorder.digest();
      const all = recorder.digested.all();
      return { ttft: cdfOf(all.ttft), tpot: cdfOf(all.tpot), e2e: cdfOf(all.e2e) };
    },
    load: () => recorder.fleet.loadDistribution(),
    requests: (from, to) => {
      recorder.digest();
      return log.slice(from, to);
    },
    get endedCount() {
      recorder.digest();
      return log.length;
    },
  };
}

export type { SimulationConfig } from "./config.ts";
export type { Simulation } from "./simulation.ts";
