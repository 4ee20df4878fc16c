// The command palette: type, arrow keys, Enter.
import { useId, useMemo, useState } from "react";
import { Dialog } from "../ui/dialog.tsx";
import type { Command } from "./command.ts";
import { commands } from "./commands.ts";
import { fuzzyFilter } from "./fuzzy.ts";
import { hotkeyText } from "./hotkeys.ts";
import { presetCommands } from "./preset-commands.ts";
import "./commands.css";

const all = [...commands, ...presetCommands];

export function Palette({ onClose }: { readonly onClose: () => void }) {
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const list = useId();
  const found = useMemo(() => fuzzyFilter(all, query, (command) => [command.label, command.words ?? ""]), [query]);
  const chosen = found[Math.min(at, found.length - 1)];
  const go = (command: Command | undefined): void => {
    if (command === undefined || command.blocked?.() !== undefined) return;
    onClose();
    void command.run();
  };
  return (
    <Dialog title="Commands" width={520} onClose={onClose}>
      <div className="box text palette-box">
        <input
          role="combobox"
          aria-expanded="true"
          aria-controls={list}
          aria-activedescendant={chosen === undefined ? undefined : `${list}-${chosen.id}`}
          aria-label="Find a command"
          placeholder="What do you want to do?"
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
            setAt(0);
          }}
          onKeyDown={(event) => {
            const by = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
            if (by !== undefined) {
              event.preventDefault();
              const next = Math.max(0, Math.min(found.length - 1, at + by));
              setAt(next);
              document.getElementById(`${list}-${found[next]?.id}`)?.scrollIntoView({ block: "nearest" });
            }
            if (event.key === "Enter") {
              event.preventDefault();
              go(chosen);
            }
          }}
        />
      </div>
      <ul id={list} role="listbox" aria-label="Commands" className="palette">
        {found.map((command) => {
          const why = command.blocked?.();
          return (
            <li
              key={command.id}
              id={`${list}-${command.id}`}
              role="option"
              aria-selected={command === chosen}
              aria-disabled={why !== undefined}
              onClick={() => go(command)}
              onPointerMove={() => setAt(found.indexOf(command))}
            >
              <span>{command.label}</span>
              {why !== undefined ? (
                <span className="quiet">{why}</span>
              ) : (
                command.hotkey !== undefined && <kbd>{hotkeyText(command.hotkey)}</kbd>
              )}
            </li>
          );
        })}
      </ul>
      {found.length === 0 && <p className="quiet">No command matches “{query}”.</p>}
    </Dialog>
  );
}
