// Everything a person can do, as records. Menus, keys, palette and help sheet read the same list (commands.ts).

export interface Command {
  /** Never changes. */
  readonly id: string;
  /** A verb phrase, sentence case. */
  readonly label: string;
  /** Words by which the palette also finds it. */
  readonly words?: string;
  /** "Mod+K", "Shift+P", "l", "?", "Space". Single letters are off while typing. */
  readonly hotkey?: string;
  /** Heading in the help sheet. */
  readonly group: "Run" | "View" | "Scenario" | "Trace" | "Help";
  /** Why it cannot be done now; undefined = it can. */
  readonly blocked?: () => string | undefined;
  readonly run: () => void | Promise<void>;
}
