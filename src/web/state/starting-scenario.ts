// What the page opens with when the address names nothing else; scripts/record-run.ts records the same scenario.
import { defaultPreset } from "../../scenario/presets/default.ts";
import type { Scenario } from "../../scenario/types.ts";

export const STARTING_SCENARIO: Scenario = defaultPreset.scenario;
