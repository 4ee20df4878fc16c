// The name of the scenario, and under it: presets with their lessons, files in and out.
import { FILE_COMMANDS, commandById, run } from "../../commands/commands.ts";
import { openPreset } from "../../commands/scenario-actions.ts";
import { useScenarioStore } from "../../state/scenario-store.ts";
import { Icon } from "../../ui/icons.tsx";
import { PopoverButton } from "../../ui/popover.tsx";
import { presets } from "../../../scenario/presets/index.ts";

export function ScenarioMenu() {
  const name = useScenarioStore((state) => state.scenario.name);
  return (
    <PopoverButton
      className=""
      title="Presets, import, export"
      face={
        <>
          <span>{name}</span>
          <Icon name="down" size={12} />
        </>
      }
    >
      {(close) => {
        const then = (act: () => void) => () => {
          close();
          act();
        };
        return (
          <>
            <div className="heading">Presets</div>
            {presets.map((preset) => (
              <button key={preset.id} type="button" onClick={then(() => openPreset(preset.id))}>
                {preset.scenario.name}
                <small>{preset.lesson}</small>
              </button>
            ))}
            <hr />
            {FILE_COMMANDS.map((id) => (
              <button key={id} type="button" onClick={then(() => run(id))}>
                {commandById(id).label}
              </button>
            ))}
          </>
        );
      }}
    </PopoverButton>
  );
}
