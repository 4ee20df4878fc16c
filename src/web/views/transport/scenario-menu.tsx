// The name of the scenario, and under it: presets with their lessons, files in and out.
import { FILE_COMMANDS, commandById, run } from "../../commands/commands.ts";
import { useScenarioStore } from "../../state/scenario-store.ts";
import { fetched } from "../../ui/fetched.tsx";
import { Icon } from "../../ui/icons.tsx";
import { PopoverButton } from "../../ui/popover.tsx";

// Loaded after the first paint.
const PresetEntries = fetched(async () => (await import("./preset-entries.tsx")).PresetEntries);

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
            <PresetEntries close={close} />
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
