// Calibration of the scenario to runs of one's own: a table in, errors before and after, parameters with intervals, and "use it".
import { useEffect } from "react";
import { calibratedScenario } from "../../../analysis/benchmark-apply.ts";
import { MOST_REQUESTS } from "../../../analysis/benchmark-table.ts";
import { OUTSIDE, type Calibration, type ClientMean } from "../../../latency/calibrate/types.ts";
import { pickFiles } from "../../commands/files.ts";
import { openScenario } from "../../commands/open-scenario.ts";
import { calibrateFile, cancelCalibration, useCalibrationStore, type FinishedCalibration } from "../../rpc/calibration-control.ts";
import { useScenarioStore } from "../../state/scenario-store.ts";
import { SectionHead } from "../../ui/chart/section-head.tsx";
import { counted, integer, percent, significant } from "../../ui/format.ts";

const QUANTITIES = ["ttft", "tpot", "e2e"] as const satisfies readonly ClientMean[];

function Errors({ calibration: { errors } }: { readonly calibration: Calibration }) {
  return (
    <table className="number-table">
      <caption className="visually-hidden">Median errors over the runs</caption>
      <thead>
        <tr>
          <th scope="col">Median error</th>
          {QUANTITIES.map((of) => (
            <th key={of} scope="col">
              {of.toUpperCase()}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {(
          [
            ["before", errors.before],
            ["after", errors.after],
            ["each run from the others", errors.heldOut],
          ] as const
        ).map(([name, values]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            {QUANTITIES.map((of) => (
              <td key={of}>{percent(values[of])}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Parameters({ calibration: { knobs } }: { readonly calibration: Calibration }) {
  return (
    <table className="number-table">
      <caption className="visually-hidden">Parameters</caption>
      <thead>
        <tr>
          <th scope="col">Parameter</th>
          <th scope="col">value</th>
          <th scope="col">95 % interval</th>
          <th scope="col">told by the runs</th>
        </tr>
      </thead>
      <tbody>
        {knobs.map(({ knob, value, interval: [low, high], told }) => (
          <tr key={knob.id}>
            <th scope="row">
              {knob.label} <span className="quiet">{knob.unit}</span>
            </th>
            <td>{significant(value)}</td>
            <td>{`${significant(low)} to ${significant(high)}`}</td>
            <td>{percent(told, 0)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Result({ result }: { readonly result: FinishedCalibration }) {
  const { calibration, base, file, refused, notes } = result;
  const outside = calibration.knobs.find(({ knob }) => knob.id === OUTSIDE);
  return (
    <>
      <p>
        {file}: {counted(calibration.runs.length, "run")} of {base.name}, {integer(calibration.simulations)} simulations.{" "}
        <button type="button" className="button" onClick={() => openScenario(calibratedScenario(base, calibration))}>
          Use it
        </button>
      </p>
      <div className="calibration-tables">
        <Errors calibration={calibration} />
        <Parameters calibration={calibration} />
      </div>
      {outside !== undefined && outside.told > 0.3 && (
        <p className="remark">
          Clients measure about {significant(outside.value)} ms that no engine spends (network, HTTP, tokeniser): simulated TTFT and E2E do
          not have it.
        </p>
      )}
      {calibration.intervals === "curvature" && (
        <p className="remark">
          Fewer than six runs: the intervals come from the curvature at the solution, and take the simulator for true.
        </p>
      )}
      {[...notes, ...refused.map(({ line, reason }) => `Line ${line}: ${reason}; run refused.`)].map((note) => (
        <p key={note} className="remark">
          {note}
        </p>
      ))}
    </>
  );
}

export function CalibratePanel() {
  const { state, progress, result, error } = useCalibrationStore();
  const scenario = useScenarioStore((store) => store.scenario);
  useEffect(() => cancelCalibration, []);
  return (
    <section className="panel calibrate-panel" aria-label="Calibrate to your runs">
      <SectionHead title="Calibrate to your runs" phrase={`${scenario.name} is what was run: GPU, model, scheduler`} />
      <p>
        A table with a row for each run of a load generator: <code>rate</code> or <code>concurrency</code>, <code>isl</code>,{" "}
        <code>osl</code>, and the means <code>ttft_ms</code>, <code>tpot_ms</code>, <code>e2e_ms</code> (any of them). A column may be a
        field of the scenario, such as <code>pools[0].tensorParallel</code>. Every run is simulated again and again, with at most{" "}
        {integer(MOST_REQUESTS)} requests, until the roofline repeats them.
      </p>
      <p className="calibration-row">
        <button
          type="button"
          className="button ink"
          disabled={state === "running"}
          onClick={() => pickFiles(([file]) => file && void calibrateFile(file, scenario), ".csv,.tsv,.txt", false)}
        >
          Open a table of runs
        </button>
        {state === "running" && (
          <>
            <progress aria-label="Calibration" value={progress === null ? 0 : progress.done} max={progress === null ? 1 : progress.total} />
            <span>
              {progress === null
                ? "starting"
                : `${integer(progress.done)} of at most ${integer(progress.total)} simulations${progress.misfit === null ? "" : `, off by ${percent(progress.misfit)}`}`}
            </span>
            <button type="button" className="button" onClick={cancelCalibration}>
              Cancel
            </button>
          </>
        )}
      </p>
      {error !== null && (
        <p role="alert" className="late">
          {error}
        </p>
      )}
      {result !== null && <Result result={result} />}
    </section>
  );
}
