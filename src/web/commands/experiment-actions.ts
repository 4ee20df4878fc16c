// What can be done with an experiment: open one of its settings, hand out its files.
import { experimentJson, runsCsv, type ExperimentResults } from "../../analysis/experiment-files.ts";
import type { Setting } from "../../analysis/experiment.ts";
import { download } from "../ui/chart/download.ts";
import type { SweepSpec } from "../../analysis/types.ts";
import { openScenario } from "./open-scenario.ts";

export const openSetting = ({ scenario }: Setting): void => openScenario(scenario);

export const exportSweepJson = (results: ExperimentResults): void => download("sweep.json", experimentJson(results), "application/json");
export const exportRunsCsv = (results: ExperimentResults): void => download("runs.csv", runsCsv(results), "text/csv");

/** The sweep as `goodput sweep FILE` takes it. */
export async function exportSweepSpec(spec: SweepSpec): Promise<void> {
  const { sweepSpecJson } = await import("../../analysis/sweep-spec.ts");
  download("sweep-spec.json", `${JSON.stringify(sweepSpecJson(spec), null, 2)}\n`, "application/json");
}
