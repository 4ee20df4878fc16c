// Everything a person can do. Menus, keys, the palette and the help sheet read this list.
import { cancelRun, pinRun, setSpeed, stepEvent, togglePause, unpinRun } from "../rpc/run-control.ts";
import { closeDialog, openDialog, useDialogStore } from "../state/dialog-store.ts";
import { runData, useRunStore } from "../state/run-store.ts";
import { useScenarioStore } from "../state/scenario-store.ts";
import { useViewStore } from "../state/view-store.ts";
import { TIMES } from "../ui/format.ts";
import type { Command } from "./command.ts";
import { openFiles, pickFiles } from "./files.ts";
import { exportScenario, importScenario, openScreen } from "./scenario-actions.ts";

const view = () => useViewStore.getState();
const scenario = () => useScenarioStore.getState();
const current = () => useRunStore.getState().current;

const speeds = [
  [1, "1", `1${TIMES}`],
  [10, "2", `10${TIMES}`],
  [60, "3", `60${TIMES}`],
  ["max", "4", "full speed"],
] as const;

const runCommands: readonly Command[] = [
  { id: "toggle-run", label: "Run or pause", words: "start stop resume", hotkey: "Space", group: "Run", run: togglePause },
  { id: "step", label: "Step one event", hotkey: "s", group: "Run", run: stepEvent },
  {
    id: "stop",
    label: "Stop the run, keep what it has",
    words: "cancel abort",
    group: "Run",
    blocked: () => (current().phase === "running" ? undefined : "Nothing runs."),
    run: cancelRun,
  },
  {
    id: "pin",
    label: "Pin this run, or unpin it",
    words: "baseline compare ghost",
    hotkey: "p",
    group: "Run",
    blocked: () => (runData.picture === null ? "There is no run yet." : undefined),
    run: () => (useRunStore.getState().pinned ? unpinRun() : pinRun()),
  },
  ...speeds.map(([speed, hotkey, text]): Command => ({
    id: `speed-${speed}`,
    label: `Run at ${text}`,
    hotkey,
    group: "Run",
    run: () => setSpeed(speed),
  })),
  { id: "follow-live", label: "Follow live", words: "cursor now playhead", hotkey: "l", group: "Run", run: () => view().followLive() },
];

const viewCommands: readonly Command[] = [
  {
    id: "clear",
    label: "Clear the cursor, the range and the selection",
    hotkey: "Escape",
    group: "View",
    run: () => {
      if (useDialogStore.getState().open !== null) closeDialog();
      view().followLive();
      useViewStore.setState({ selectedReplica: null, selectedRequest: null, selectedTenant: null, railOpen: false });
    },
  },
  {
    id: "theme",
    label: "Change between light and dark",
    words: "theme colour",
    hotkey: "t",
    group: "View",
    run: () => view().setView({ theme: view().appearance === "dark" ? "light" : "dark" }),
  },
  { id: "theme-system", label: "Use the theme of the system", group: "View", run: () => view().setView({ theme: "system" }) },
  {
    id: "fleet-mode",
    label: "Show the fleet as cells or as a strip",
    hotkey: "f",
    group: "View",
    run: () => view().setView({ fleetMode: view().fleetMode === "strip" ? "cells" : "strip" }),
  },
  {
    id: "experiments",
    label: "Go to Experiments",
    words: "sweep pareto front screen",
    hotkey: "e",
    group: "View",
    run: () => openScreen("experiments"),
  },
  {
    id: "models",
    label: "Go to Latency models",
    words: "fit measured profile screen",
    hotkey: "m",
    group: "View",
    run: () => openScreen("models"),
  },
  {
    id: "gallery",
    label: "Go to the Gallery",
    words: "published figures papers screen",
    hotkey: "g",
    group: "View",
    run: () => openScreen("gallery"),
  },
  {
    id: "validation",
    label: "Go to Validation",
    words: "measured runs accuracy calibrate screen",
    group: "View",
    run: () => openScreen("validation"),
  },
  { id: "workbench", label: "Go to the Workbench", words: "screen", hotkey: "w", group: "View", run: () => openScreen("workbench") },
  {
    id: "late-only",
    label: "Show only late requests, or all",
    hotkey: "r",
    group: "View",
    run: () => view().setRequestFilter({ lateOnly: !view().requestFilter.lateOnly }),
  },
];

const scenarioCommands: readonly Command[] = [
  {
    id: "undo",
    label: "Undo",
    hotkey: "Mod+Z",
    group: "Scenario",
    blocked: () => (scenario().history.past.length > 0 ? undefined : "Nothing to undo."),
    run: () => scenario().undo(),
  },
  {
    id: "redo",
    label: "Redo",
    hotkey: "Mod+Shift+Z",
    group: "Scenario",
    blocked: () => (scenario().history.future.length > 0 ? undefined : "Nothing to redo."),
    run: () => scenario().redo(),
  },
  { id: "share", label: "Share a link", words: "url copy", hotkey: "Shift+S", group: "Scenario", run: () => openDialog("share") },
  {
    id: "import-scenario",
    label: "Import a scenario",
    words: "open json file",
    group: "Scenario",
    run: () => pickFiles(([file]) => void importScenario(file!), ".json,application/json", false),
  },
  { id: "export-scenario", label: "Export this scenario", words: "save download json", group: "Scenario", run: exportScenario },
  {
    id: "export-run",
    label: "Export this run",
    words: "save download csv json summary requests",
    group: "Run",
    run: () => openDialog("files"),
  },
  { id: "export-perfetto", label: "Export a Perfetto trace", words: "chrome batches", group: "Run", run: () => openDialog("perfetto") },
];

const otherCommands: readonly Command[] = [
  {
    id: "open-trace",
    label: "Open a trace file",
    words: "drop csv jsonl traffic",
    hotkey: "o",
    group: "Trace",
    run: () => pickFiles((files) => void openFiles(files)),
  },
  { id: "palette", label: "Find a command", hotkey: "Mod+K", group: "Help", run: () => openDialog("palette") },
  { id: "help", label: "Show keys and words", hotkey: "?", group: "Help", run: () => openDialog("help") },
];

/** Files in and out, for menus. */
export const FILE_COMMANDS = ["open-trace", "import-scenario", "export-scenario", "export-run", "export-perfetto"];

export const commands: readonly Command[] = [...runCommands, ...viewCommands, ...scenarioCommands, ...otherCommands];

const byId = new Map(commands.map((command) => [command.id, command]));
if (byId.size !== commands.length) throw new Error("Two commands have the same id.");

export function commandById(id: string): Command {
  const command = byId.get(id);
  if (command === undefined) throw new Error(`Unknown command "${id}".`);
  return command;
}

export function run(id: string): void {
  const command = commandById(id);
  if (command.blocked?.() === undefined) void command.run();
}
