// What can be done with an experiment: open one of its settings, hand out its files.
import { experimentJson, runsCsv, type ExperimentResults } from "../../analysis/experiment-files.ts";
import type { Setting } from "../../analysis/experiment.ts";
import { useScenarioStore } from "../state/scenario-store.ts";
import { download } from "../ui/chart/download.ts";
import { openScreen } from "./scenario-actions.ts";

/** The setting becomes the scenario of the workbench: one step that can be undone. */
export function openSetting({ scenario }: Setting): void {
  useScenarioStore.getState().change(() => scenario);
  openScreen("workbench");
}

export const exportSweepJson = (results: ExperimentResults): void => download("sweep.json", experimentJson(results), "application/json");
export const exportRunsCsv = (results: ExperimentResults): void => download("runs.csv", runsCsv(results), "text/csv");
