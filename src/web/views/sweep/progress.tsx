// Start, pause, go on, cancel; how far the runs are and how long the rest will take.
import { useState } from "react";
import { exportSweepSpec } from "../../commands/experiment-actions.ts";
import { cancelSweep, continueSweep, pauseSweep, startSweep } from "../../rpc/sweep-control.ts";
import { poolSize } from "../../rpc/run-pool.ts";
import { endedRuns, experimentData, useExperimentStore, type SweepPhase } from "../../state/experiment-store.ts";
import { useScenarioStore } from "../../state/scenario-store.ts";
import { counted, integer as whole } from "../../ui/format.ts";
import { Icon } from "../../ui/icons.tsx";
import { experimentOf, objectivesOf } from "./form.ts";
import type { SweepForm } from "./form-types.ts";

const EARLY_STOP = { confidence: 0.95, minSeeds: 3 };

/** "about 40 s", "about 12 min". */
export function timeLeft(seconds: number): string {
  if (seconds < 90) return `about ${counted(Math.max(1, Math.round(seconds)), "s", "s")} left`;
  if (seconds < 5400) return `about ${counted(Math.round(seconds / 60), "min", "min")} left`;
  return `about ${counted(Math.round(seconds / 360) / 10, "h", "h")} left`;
}

/** One square per run: done, running, failed, to come. A large sweep has one for several. */
function Squares() {
  useExperimentStore((state) => state.revision);
  const phase = useExperimentStore((state) => state.phase);
  const { plan, runs } = experimentData;
  if (plan === null) return null;
  const total = plan.runs.length;
  const each = Math.ceil(total / 360);
  const ended = endedRuns();
  const running = phase === "running" ? Math.min(poolSize(), total - ended) : 0;
  return (
    <div className="squares" aria-hidden="true">
      {Array.from({ length: Math.ceil(total / each) }, (_, i) => {
        const at = i * each;
        const state = at < runs.length ? "done" : at < ended ? "failed" : at < ended + running ? "running" : "";
        return <i key={i} className={state} />;
      })}
    </div>
  );
}

const SPOKEN: Readonly<Record<SweepPhase, string>> = {
  idle: "",
  planning: "",
  running: "The sweep runs.",
  paused: "The sweep is paused.",
  finished: "The sweep is done.",
  cancelled: "The sweep is cancelled.",
};

function Buttons({ form, complaint, onTrouble }: { form: SweepForm; complaint: string | null; onTrouble: (why: string | null) => void }) {
  const phase = useExperimentStore((state) => state.phase);
  const ended = useExperimentStore((state) => state.ended);
  const { plan } = experimentData;
  const run = (): void => {
    const outcome = experimentOf(useScenarioStore.getState().scenario, form);
    onTrouble(outcome.ok ? null : outcome.error);
    if (outcome.ok)
      void startSweep(outcome.experiment, { objectives: objectivesOf(form), earlyStop: form.stop === true ? EARLY_STOP : null }, form);
  };
  const save = (): void => {
    const outcome = experimentOf(useScenarioStore.getState().scenario, form);
    if (!outcome.ok) return onTrouble(outcome.error);
    const { experiment } = outcome;
    void exportSweepSpec({
      experiment: { ...experiment, sampling: experiment.sampling ?? { kind: "grid" } },
      metrics: null,
      objectives: objectivesOf(form),
      constraints: form.constraints,
      earlyStop: form.stop === true ? EARLY_STOP : null,
    });
  };
  if (phase === "running" || phase === "paused")
    return (
      <div className="buttons">
        <button type="button" className="button ink" onClick={phase === "paused" ? continueSweep : pauseSweep}>
          <Icon name={phase === "paused" ? "play" : "pause"} />
          {phase === "paused" ? "Go on" : "Pause"}
        </button>
        <button type="button" className="button" onClick={cancelSweep}>
          Cancel, keep results
        </button>
      </div>
    );
  const rest = plan === null ? 0 : plan.runs.length - ended;
  const canGoOn = phase === "cancelled" && rest > 0;
  return (
    <div className="buttons">
      {canGoOn && (
        <button type="button" className="button ink" onClick={continueSweep}>
          <Icon name="play" />
          Go on, {counted(rest, "run")} left
        </button>
      )}
      <button
        type="button"
        className={canGoOn ? "button" : "button ink"}
        disabled={complaint !== null || phase === "planning"}
        onClick={run}
      >
        {!canGoOn && <Icon name="play" />}
        {plan === null ? "Run the sweep" : "Run again"}
      </button>
      <button
        type="button"
        className="button plain"
        disabled={complaint !== null}
        title="For the command line: goodput sweep sweep-spec.json"
        onClick={save}
      >
        Save as a file
      </button>
    </div>
  );
}

export function Progress({ form, complaint }: { form: SweepForm; complaint: string | null }) {
  const phase = useExperimentStore((state) => state.phase);
  const ended = useExperimentStore((state) => state.ended);
  const error = useExperimentStore((state) => state.error);
  const secondsLeft = useExperimentStore((state) => state.secondsLeft);
  useExperimentStore((state) => state.slowRevision);
  const [trouble, setTrouble] = useState<string | null>(null);
  const { plan, failed, dropped } = experimentData;
  const total = plan?.runs.length ?? 0;
  const first = failed[0];
  const said = {
    idle: "",
    planning: "checks every setting",
    running: secondsLeft === null ? counted(poolSize(), "worker") : timeLeft(secondsLeft),
    paused: "paused",
    finished: "done",
    cancelled: "cancelled, the rest is kept",
  }[phase];
  return (
    <section className="progress" aria-label="Progress">
      {/* Spoken at its beginning and end, not run by run. */}
      <p className="visually-hidden" role="status">
        {SPOKEN[phase]}
      </p>
      {plan !== null && (
        <>
          <div className="line">
            <b>
              {(phase === "finished" && ended === total) || phase === "planning"
                ? counted(total, "run")
                : `${whole(ended)} of ${counted(total, "run")}`}
            </b>
            <span>{said}</span>
          </div>
          <Squares />
        </>
      )}
      {dropped.size > 0 && (
        <p className="hint">{counted(dropped.size, "setting")} got no further seeds: another one beats them with 95 % confidence.</p>
      )}
      {first !== undefined && (
        <p className="hint bad">
          {counted(failed.length, "run")} could not run. {first.error}
        </p>
      )}
      {(trouble ?? error) !== null && (
        <p className="hint bad" role="alert">
          {trouble ?? error}
        </p>
      )}
      <Buttons form={form} complaint={complaint} onTrouble={setTrouble} />
    </section>
  );
}
