// Reads a table of benchmark runs and calibrates a scenario to it in a worker. Loaded with the validation screen.
import { proxy } from "comlink";
import { create } from "zustand";
import { readBenchmarks, type RefusedRun } from "../../analysis/benchmark-table.ts";
import type { Calibration, CalibrationProgress } from "../../latency/calibrate/types.ts";
import type { Scenario } from "../../scenario/types.ts";
import { connect, type Connection } from "./client.ts";
import type { CalibrationHost } from "./protocol.ts";

export interface FinishedCalibration {
  readonly file: string;
  readonly base: Scenario;
  readonly calibration: Calibration;
  readonly refused: readonly RefusedRun[];
  readonly notes: readonly string[];
}

interface CalibrationState {
  readonly state: "idle" | "running";
  readonly progress: CalibrationProgress | null;
  readonly result: FinishedCalibration | null;
  readonly error: string | null;
}

export const useCalibrationStore = create<CalibrationState>()(() => ({ state: "idle", progress: null, result: null, error: null }));

let connection: Connection<CalibrationHost> | null = null;
/** Milliseconds between two looks at the progress. */
const SHOW_EVERY = 100;

function end(): void {
  connection?.end();
  connection = null;
}

export function cancelCalibration(): void {
  if (connection === null) return;
  end();
  useCalibrationStore.setState({ state: "idle", progress: null });
}

/** The last result stays until there is a new one. */
export async function calibrateFile(file: File, base: Scenario): Promise<void> {
  end();
  const failed = (error: string): void => {
    end();
    useCalibrationStore.setState({ state: "idle", progress: null, error });
  };
  const table = readBenchmarks(await file.text(), base);
  if (!table.ok) return failed(`${file.name}: ${table.text}`);
  useCalibrationStore.setState({ state: "running", progress: null, error: null });
  const worker = new Worker(new URL("../../../workers/calibrate.ts", import.meta.url), { type: "module", name: "calibrate" });
  const own = connect<CalibrationHost>(worker, (why) => failed(`The calibration stopped: ${why}. Open the table again.`));
  connection = own;
  let shownAt = 0;
  const onProgress = proxy((progress: CalibrationProgress): void => {
    if (connection !== own || performance.now() - shownAt < SHOW_EVERY) return;
    shownAt = performance.now();
    useCalibrationStore.setState({ progress });
  });
  const answer = await own.host.calibrate(table.runs, base, onProgress);
  if (connection !== own) return;
  if (!answer.ok) return failed(`${file.name}: ${answer.error}`);
  end();
  const { calibration } = answer;
  useCalibrationStore.setState({
    state: "idle",
    progress: null,
    result: { file: file.name, base, calibration, refused: table.refused, notes: table.notes },
  });
}
