// Presets as commands: their texts are too many for the first load, so whoever lists commands loads these.
import { presets } from "../../scenario/presets/index.ts";
import type { Command } from "./command.ts";
import { showScenario } from "./scenario-actions.ts";

export const presetCommands: readonly Command[] = presets.map((preset) => ({
  id: `preset-${preset.id}`,
  label: `Open preset: ${preset.scenario.name}`,
  words: preset.lesson,
  group: "Scenario",
  run: () => showScenario(preset.scenario),
}));
