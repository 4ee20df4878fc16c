// Mark, screens, undo and redo, pin, share, commands, theme, help.
import { openScreen } from "../commands/scenario-actions.ts";
import { commandById, run } from "../commands/commands.ts";
import { hotkeyText } from "../commands/hotkeys.ts";
import { useRunStore } from "../state/run-store.ts";
import { useScenarioStore } from "../state/scenario-store.ts";
import { useViewStore, type Screen } from "../state/view-store.ts";
import { Icon, Mark, type IconName } from "../ui/icons.tsx";
import { PopoverButton } from "../ui/popover.tsx";
import { THEMES } from "../ui/theme.ts";

/** A button without a word: undo and redo only. */
function IconCommand({ id, icon, disabled }: { readonly id: string; readonly icon: IconName; readonly disabled: boolean }) {
  const { label, hotkey } = commandById(id);
  return (
    <button
      type="button"
      className="button plain square"
      disabled={disabled}
      aria-label={label}
      title={hotkey === undefined ? label : `${label} (${hotkeyText(hotkey)})`}
      onClick={() => run(id)}
    >
      <Icon name={icon} />
    </button>
  );
}

export function ThemeMenu() {
  const theme = useViewStore((state) => state.theme);
  const setView = useViewStore((state) => state.setView);
  return (
    <PopoverButton className="button plain square" label="Theme" title="Theme" align="right" face={<Icon name="theme" />}>
      {(close) =>
        THEMES.map((option) => (
          <button
            key={option.id}
            type="button"
            aria-pressed={option.id === theme}
            onClick={() => {
              setView({ theme: option.id });
              close();
            }}
          >
            {option.label}
            {option.id === theme && <Icon name="check" size={12} />}
          </button>
        ))
      }
    </PopoverButton>
  );
}

const SCREENS: readonly (readonly [Screen, string])[] = [
  ["workbench", "Workbench"],
  ["experiments", "Experiments"],
  ["models", "Latency models"],
  ["gallery", "Gallery"],
  ["validation", "Validation"],
];

/** The screens as links: they open in a new tab, too. */
export function Screens() {
  const screen = useViewStore((state) => state.screen);
  return (
    <nav className="tabs" aria-label="Screens">
      {SCREENS.map(([id, label]) => (
        <a
          key={id}
          href={`#${id}`}
          aria-current={id === screen ? "page" : undefined}
          onClick={(event) => {
            if (event.ctrlKey || event.metaKey || event.shiftKey) return;
            event.preventDefault();
            openScreen(id);
          }}
        >
          {label}
        </a>
      ))}
    </nav>
  );
}

export function TopBar() {
  const canUndo = useScenarioStore((state) => state.history.past.length > 0);
  const canRedo = useScenarioStore((state) => state.history.future.length > 0);
  const pinned = useRunStore((state) => state.pinned);
  const nothing = useRunStore((state) => state.revision === 0);
  const workbench = useViewStore((state) => state.screen === "workbench");
  return (
    <header className="top">
      <h1 className="brand">
        <Mark />
        Goodput
      </h1>
      <Screens />
      <div className="grow" />
      <IconCommand id="undo" icon="undo" disabled={!canUndo} />
      <IconCommand id="redo" icon="redo" disabled={!canRedo} />
      {workbench && (
        <button type="button" className="button" aria-pressed={pinned} disabled={nothing} title="P" onClick={() => run("pin")}>
          <Icon name="pin" />
          {pinned ? "Unpin" : "Pin this run"}
        </button>
      )}
      <button type="button" className="button" onClick={() => run("share")}>
        <Icon name="link" />
        Share
      </button>
      <button type="button" className="button plain" onClick={() => run("palette")}>
        <Icon name="search" />
        Commands <kbd className="hint">{hotkeyText("Mod+K")}</kbd>
      </button>
      <ThemeMenu />
      <button
        type="button"
        className="button plain square"
        aria-label="Help: keys and words"
        title="Keys and words (?)"
        onClick={() => run("help")}
      >
        <b>?</b>
      </button>
    </header>
  );
}
