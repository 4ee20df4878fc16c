// From key presses to commands. "Mod" is Ctrl, or Cmd on a Mac.
import type { Command } from "./command.ts";

export interface Press {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

const isMac = (): boolean => /Mac|iPhone|iPad/.test(globalThis.navigator?.platform ?? "");

/** "Mod+Shift+Z" of a press; a letter is written as its capital, Space by its name. */
export function nameOfPress({ key, ctrlKey, metaKey, altKey, shiftKey }: Press): string {
  const bare = key === " " ? "Space" : key.length === 1 ? key.toUpperCase() : key;
  // Shift is part of a sign such as "?", and a modifier of letters and named keys.
  const shift = shiftKey && (bare.length > 1 || /[A-Z]/.test(bare));
  return `${ctrlKey || metaKey ? "Mod+" : ""}${altKey ? "Alt+" : ""}${shift ? "Shift+" : ""}${bare}`;
}

export const normalHotkey = (hotkey: string): string =>
  hotkey
    .split("+")
    .map((part) => (part.length === 1 ? part.toUpperCase() : part))
    .join("+");

/** Keys without Mod or Alt belong to whoever is being typed into. */
export const isPlain = (name: string): boolean => !name.startsWith("Mod+") && !name.startsWith("Alt+");

/** Undo and redo inside a text field are the browser's. */
const TEXT_EDITING = new Set(["Mod+Z", "Mod+Shift+Z", "Mod+Y"]);

const TEXT_INPUTS = new Set(["text", "search", "email", "number", "url", "tel", "password", ""]);

/** Whether keys pressed here are text, or belong to the control (a slider's arrows, a select's letters, a button's Space). */
export function isTyping(target: EventTarget | null): boolean {
  if (typeof Element === "undefined" || !(target instanceof Element)) return false;
  if (target.closest("[contenteditable=''], [contenteditable=true], textarea, select") !== null) return true;
  return target instanceof HTMLInputElement && TEXT_INPUTS.has(target.getAttribute("type") ?? "");
}

/** The command of a press; plain keys are ignored while typing, and Space where it presses a control. */
export function commandFor(commands: readonly Command[], press: Press, typing: boolean, onControl: boolean): Command | undefined {
  const name = nameOfPress(press);
  if (typing && (isPlain(name) || TEXT_EDITING.has(name))) return undefined;
  if (onControl && (name === "Space" || name === "Enter" || name.startsWith("Arrow"))) return undefined;
  return commands.find((command) => command.hotkey !== undefined && normalHotkey(command.hotkey) === name);
}

/** As shown to people: "Ctrl K", "Shift P". */
export const hotkeyText = (hotkey: string): string =>
  normalHotkey(hotkey)
    .replace("Mod", isMac() ? "Cmd" : "Ctrl")
    .replace("Escape", "Esc")
    .replaceAll("+", " ");
