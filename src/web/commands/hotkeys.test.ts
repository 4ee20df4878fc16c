import { describe, expect, test } from "vitest";
import type { Command } from "./command.ts";
import { commandFor, nameOfPress, type Press } from "./hotkeys.ts";

const press = (key: string, more: Partial<Press> = {}): Press => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...more,
});
const command = (id: string, hotkey: string): Command => ({ id, label: id, hotkey, group: "Run", run: () => undefined });
const commands = [
  command("palette", "Mod+K"),
  command("pin", "p"),
  command("redo", "Mod+Shift+Z"),
  command("undo", "Mod+Z"),
  command("help", "?"),
  command("pause", "Space"),
];
const id = (p: Press, typing = false, onControl = false): string | undefined => commandFor(commands, p, typing, onControl)?.id;

describe("hotkeys", () => {
  test("names presses", () => {
    expect(nameOfPress(press("z", { ctrlKey: true, shiftKey: true }))).toBe("Mod+Shift+Z");
    expect(nameOfPress(press("?", { shiftKey: true }))).toBe("?");
    expect(nameOfPress(press(" "))).toBe("Space");
    expect(nameOfPress(press("k", { metaKey: true }))).toBe("Mod+K");
  });
  test("finds commands", () => {
    expect(id(press("p"))).toBe("pin");
    expect(id(press("Z", { ctrlKey: true, shiftKey: true }))).toBe("redo");
    expect(id(press("z", { ctrlKey: true }))).toBe("undo");
    expect(id(press("?", { shiftKey: true }))).toBe("help");
    expect(id(press("q"))).toBeUndefined();
  });
  test("leaves single keys to a person who types, not those with Ctrl", () => {
    expect(id(press("p"), true)).toBeUndefined();
    expect(id(press("?", { shiftKey: true }), true)).toBeUndefined();
    expect(id(press("k", { ctrlKey: true }), true)).toBe("palette");
  });
  test("leaves undo to the field that is typed into", () => {
    expect(id(press("z", { ctrlKey: true }), true)).toBeUndefined();
  });
  test("leaves Space to a focused control", () => {
    expect(id(press(" "))).toBe("pause");
    expect(id(press(" "), false, true)).toBeUndefined();
  });
});
