// Key presses of the page, to commands.
import { useDialogStore } from "../state/dialog-store.ts";
import { useViewStore } from "../state/view-store.ts";
import { commands, run } from "./commands.ts";
import { commandFor, isTyping } from "./hotkeys.ts";

export function listenToKeys(): () => void {
  const onKey = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing) return;
    const { target } = event;
    // An open dialog has the keyboard for itself.
    if (useDialogStore.getState().open !== null || document.querySelector("dialog:modal") !== null) return;
    if (event.key === "Escape" && document.querySelector(":popover-open:not(.help-tip)") !== null) return;
    const onControl =
      target instanceof Element &&
      target.closest("button, a, input, select, textarea, summary, [role=slider], [tabindex]:not(body)") !== null;
    const command = commandFor(commands, event, isTyping(target), onControl);
    if (command === undefined) return;
    // Keys of the run belong to the screen that shows it.
    if (command.group === "Run" && useViewStore.getState().screen !== "workbench") return;
    event.preventDefault();
    run(command.id);
  };
  addEventListener("keydown", onKey);
  return () => removeEventListener("keydown", onKey);
}
