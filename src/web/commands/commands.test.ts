import { describe, expect, test } from "vitest";
import { commandById, commands as always } from "./commands.ts";
import { normalHotkey } from "./hotkeys.ts";
import { presetCommands } from "./preset-commands.ts";

const commands = [...always, ...presetCommands];

describe("commands", () => {
  test("have ids and hotkeys of their own", () => {
    const keys = commands.flatMap((command) => (command.hotkey === undefined ? [] : [normalHotkey(command.hotkey)]));
    expect(new Set(keys).size).toBe(keys.length);
    expect(new Set(commands.map((command) => command.id)).size).toBe(commands.length);
  });
  test("speak in verb phrases, sentence case", () => {
    for (const { label } of commands) {
      expect(label).toMatch(/^[A-Z]/);
      expect(label).not.toMatch(/[!.]$/);
    }
  });
  test("name an unknown command", () => {
    expect(() => commandById("nothing")).toThrow('Unknown command "nothing"');
  });
});
