// A scenario that another screen has found becomes that of the workbench: one step that can be undone.
import type { Scenario } from "../../scenario/types.ts";
import { useScenarioStore } from "../state/scenario-store.ts";
import { openScreen } from "./scenario-actions.ts";

export function openScenario(scenario: Scenario): void {
  useScenarioStore.getState().change(() => scenario);
  openScreen("workbench");
}
