// What a preset proposes to vary, for a scenario that is (still) of that preset.
import { equal } from "../scenario/equal.ts";
import { presets } from "../scenario/presets/index.ts";
import type { PresetSweep } from "../scenario/presets/preset.ts";
import type { Scenario } from "../scenario/types.ts";

/** Of the preset of that name, as long as the traffic is its own: published points speak of that traffic. */
export function suggestedSweep({ name, traffic }: Scenario): PresetSweep | null {
  const found = presets.find((preset) => preset.scenario.name === name && equal(preset.scenario.traffic, traffic));
  return found?.sweep ?? null;
}
