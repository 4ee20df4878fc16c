// The presets in the menu of scenarios, each with its lesson.
import { presets } from "../../../scenario/presets/index.ts";
import { showScenario } from "../../commands/scenario-actions.ts";

export const PresetEntries = ({ close }: { readonly close: () => void }) =>
  presets.map((preset) => (
    <button
      key={preset.id}
      type="button"
      onClick={() => {
        close();
        showScenario(preset.scenario);
      }}
    >
      {preset.scenario.name}
      <small>{preset.lesson}</small>
    </button>
  ));
