// What can be done with a card of the gallery.
import type { Card } from "../../gallery/card.ts";
import { useScenarioStore } from "../state/scenario-store.ts";
import { openScreen } from "./scenario-actions.ts";

/** Its scenario becomes the one of the workbench. */
export function openCard({ scenario }: Card): void {
  useScenarioStore.getState().replace(scenario());
  openScreen("workbench");
}
