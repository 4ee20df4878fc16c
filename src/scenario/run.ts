// A run of a scenario: the one way in which the command line, the worker, benches and tests start the engine.
import type { SimulationConfig } from "../engine/config.ts";
import { createEngine } from "../engine/index.ts";
import type { Engine } from "../engine/index.ts";
import type { Recorder } from "../engine/recorder.ts";
import { buildConfig } from "./build.ts";
import type { BuildOptions } from "./build.ts";
import type { RunResults } from "./files.ts";
import type { Scenario } from "./types.ts";

export interface RunOptions extends BuildOptions {
  /** Keep a row per ended request: exact quantiles, and requests.csv. */
  readonly keepRequests: boolean;
  /** The configuration changed before the engine is made. */
  readonly change?: (config: SimulationConfig) => SimulationConfig;
  /** Further listeners, such as a RequestTracer, made for the configuration of the run. */
  readonly recorders?: (config: SimulationConfig) => readonly Recorder[];
}

export interface Run extends Engine {
  readonly scenario: Scenario;
  readonly config: SimulationConfig;
  /** Goes on up to a simulated time, at most `maxEvents` events. True when the run is over. */
  runUntil(limit: number, maxEvents?: number): boolean;
  /** What the run leaves behind. Ends it where it stands if it is not over. */
  results(): RunResults;
}

/** Throws a ScenarioError when the scenario cannot be run. */
export function createRun(scenario: Scenario, options: RunOptions): Run {
  const { keepRequests, recorders, change } = options;
  const built = buildConfig(scenario, options);
  const config = change === undefined ? built : change(built);
  const engine = createEngine(config, { keepRequests, recorders: recorders?.(config) ?? [] });
  const { simulation } = engine;
  // endedCount is a getter: the engine stands as the prototype, so that it stays one.
  return Object.assign(Object.create(engine) as Engine, {
    scenario,
    config,
    runUntil: (limit: number, maxEvents?: number) => simulation.runUntil(limit, maxEvents),
    results: () => {
      simulation.finish();
      return {
        scenario,
        summary: engine.summary(keepRequests),
        fleet: engine.fleet(),
        requests: keepRequests ? engine.requests() : null,
        tenants: config.tenants.map((tenant) => tenant.name),
        decisions: engine.scales ? engine.decisions() : null,
        routing: engine.routing(),
      };
    },
  });
}
