// goodput calibrate: means of serving benchmarks -> parameters of the roofline
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { assignmentsOf, calibratedScenario } from "../analysis/benchmark-apply.ts";
import { calibrateScenario } from "../analysis/benchmark-calibration.ts";
import { readBenchmarks } from "../analysis/benchmark-table.ts";
import type { BenchmarkRun } from "../analysis/benchmark-table.ts";
import { OUTSIDE } from "../latency/calibrate/types.ts";
import type { Calibration, ClientMean, KnobResult, MedianErrors } from "../latency/calibrate/types.ts";
import { ScenarioError } from "../scenario/build.ts";
import { compact } from "../scenario/compact.ts";
import type { Scenario } from "../scenario/types.ts";
import { loadWorkload } from "../workload/presets/load.ts";
import { duration, figure, percent, whole } from "./format.ts";
import { InputError, systemReason } from "./input-error.ts";
import { writeNewFile } from "./new-file.ts";
import { columns, print, printJson } from "./print.ts";
import { progressLine } from "./progress.ts";
import { scenarioArgument } from "./scenario-argument.ts";
import { withAssignments } from "./scenario-flags.ts";

export interface CalibrateFlags {
  readonly scenario?: string;
  readonly set: readonly string[];
  readonly seed?: string;
  readonly out?: string;
  readonly json?: boolean;
}

function textOf(path: string): string {
  try {
    const bytes = readFileSync(path);
    return (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString("utf8");
  } catch (error) {
    throw new InputError(`${path}: It cannot be read: ${systemReason(error)}. Give a table of benchmark runs.`);
  }
}

async function found(runs: readonly BenchmarkRun[], base: Scenario): Promise<Calibration> {
  const { source } = base.traffic;
  const steps = calibrateScenario(runs, base, source.kind === "preset" ? await loadWorkload(source.id) : []);
  const progress = progressLine();
  try {
    for (;;) {
      const next = steps.next();
      if (next.done === true) return next.value;
      const { done, total, misfit } = next.value;
      progress.text(`${whole(done)} of at most ${whole(total)} runs simulated${misfit === null ? "" : `, off by ${percent(misfit)}`}`);
      // Lets an interrupt in.
      await new Promise((resolve) => setImmediate(resolve));
    }
  } catch (error) {
    if (error instanceof ScenarioError) throw new InputError(error.message);
    throw error;
  } finally {
    progress.clear();
  }
}

const QUANTITIES = ["ttft", "tpot", "e2e"] as const satisfies readonly ClientMean[];

/** Told by the runs, or hardly: in a word. */
const certainty = ({ told }: KnobResult): string => (told >= 0.8 ? "well" : told >= 0.3 ? "in part" : "hardly");

function text(file: string, base: Scenario, calibration: Calibration, notes: readonly string[]): string {
  const { knobs, runs, errors, intervals, simulations, converged } = calibration;
  const share = (of: MedianErrors, quantity: ClientMean): string => percent(of[quantity]);
  const off = (measured: number | null, predicted: number | null): string =>
    measured === null || predicted === null ? "-" : `${predicted < measured ? "" : "+"}${(100 * (predicted / measured - 1)).toFixed(1)} %`;
  const outside = knobs.find(({ knob }) => knob.id === OUTSIDE);
  const blocks = [
    columns([
      ["File", file],
      [
        "Runs",
        `${whole(runs.length)}; ${whole(simulations)} simulations${converged ? "" : "; stopped at its limit, still getting better"}`,
      ],
    ]),
    columns(
      [
        ["Median error", "TTFT", "TPOT", "E2E"],
        ["before", ...QUANTITIES.map((of) => share(errors.before, of))],
        ["after", ...QUANTITIES.map((of) => share(errors.after, of))],
        ["each run from the others", ...QUANTITIES.map((of) => share(errors.heldOut, of))],
      ],
      [1, 2, 3],
    ),
    columns(
      [
        ["Parameter", "value", "", "95 % interval", "the runs tell it"],
        ...knobs.map((result) => [
          result.knob.id === OUTSIDE ? "outside the engine" : result.knob.id,
          figure(result.value),
          result.knob.unit,
          `${figure(result.interval[0])} to ${figure(result.interval[1])}`,
          certainty(result),
        ]),
      ],
      [1],
    ),
    columns(
      [
        ["Run", "TTFT", "off", "TPOT", "off", "E2E", "off"],
        ...runs.map(({ name, measured, after }) => [
          name,
          ...QUANTITIES.flatMap((of) => [duration(measured[of]), off(measured[of], after[of])]),
        ]),
      ],
      [1, 2, 3, 4, 5, 6],
    ),
    ["For --set:", ...assignmentsOf(base, calibration).map((assignment) => `  ${assignment}`)].join("\n"),
  ];
  const remarks = [
    ...notes,
    ...(intervals === "curvature"
      ? ["Fewer than six runs: the intervals come from the curvature at the solution, and take the simulator for true."]
      : []),
    ...(outside !== undefined && outside.told >= 0.3
      ? [
          `The client measures about ${duration(outside.value / 1e3)} that no engine spends (network, HTTP, tokeniser): the simulated TTFT and E2E do not have it.`,
        ]
      : []),
  ];
  return [...blocks, ...(remarks.length > 0 ? [remarks.join("\n")] : [])].join("\n\n");
}

export async function calibrateRuns(path: string, flags: CalibrateFlags): Promise<void> {
  if (flags.scenario === undefined)
    throw new InputError(
      "--scenario: The runs need a scenario that says GPU, model and scheduler. Give a scenario file, a link or a preset.",
    );
  const base = withAssignments((await scenarioArgument(flags.scenario)).scenario, flags);
  const table = readBenchmarks(textOf(path), base);
  if (!table.ok) throw new InputError(`${path}: ${table.text}`);
  for (const { line, reason } of table.refused) process.stderr.write(`${path}, line ${line}: ${reason}; run refused\n`);
  const calibration = await found(table.runs, base);
  if (flags.out !== undefined) writeNewFile(flags.out, `${JSON.stringify(compact(calibratedScenario(base, calibration)), null, 2)}\n`);
  if (flags.json === true)
    printJson({ file: path, ...calibration, set: assignmentsOf(base, calibration), refused: table.refused, notes: table.notes });
  else print(text(path, base, calibration, table.notes));
}
