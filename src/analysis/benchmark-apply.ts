// What a calibration puts into the scenario.
import { OUTSIDE } from "../latency/calibrate/types.ts";
import type { Calibration } from "../latency/calibrate/types.ts";
import { setPath } from "../scenario/set-path.ts";
import type { Scenario } from "../scenario/types.ts";

/** Digits of the figures in a scenario, and the share up to which a change is none. */
const DIGITS = 4;
const NO_CHANGE = 0.002;

/** What `--set` takes: the parameters that were found, for every pool. Those of which the runs tell nothing stay as they are. */
export function assignmentsOf(base: Scenario, { knobs }: Calibration): readonly string[] {
  return base.pools.flatMap((_, i) =>
    knobs.flatMap(({ knob, value }) =>
      knob.id === OUTSIDE || Math.abs(value / knob.initial - 1) < NO_CHANGE
        ? []
        : [`pools[${i}].latency.params.${knob.id}=${Number(value.toPrecision(DIGITS))}`],
    ),
  );
}

/** The scenario with what was found. */
export function calibratedScenario(base: Scenario, calibration: Calibration): Scenario {
  let scenario = base;
  for (const assignment of assignmentsOf(base, calibration)) {
    const outcome = setPath(scenario, assignment);
    if (!outcome.ok) throw new Error(outcome.errors[0]);
    scenario = outcome.scenario;
  }
  return scenario;
}
