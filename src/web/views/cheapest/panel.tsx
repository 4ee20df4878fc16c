// The cheapest fleet that meets the SLOs: what is considered, the answer as it comes, and every fleet that was looked at.
import { useMemo, useRef, type ReactNode } from "react";
import type { FleetCandidate, FleetProgress, FleetResult, FleetSearch } from "../../../analysis/types.ts";
import { seedsFrom } from "../../../analysis/plan.ts";
import type { Axis } from "../../../analysis/experiment.ts";
import type { Scenario } from "../../../scenario/types.ts";
import { openScenario } from "../../commands/open-scenario.ts";
import { questionControl } from "../../rpc/question-control.ts";
import { questionStore } from "../../state/question.ts";
import { useScenarioStore } from "../../state/scenario-store.ts";
import { MarkChart } from "../../ui/chart/mark-chart.tsx";
import { usePalette } from "../../ui/chart/palette.ts";
import { SectionHead } from "../../ui/chart/section-head.tsx";
import { useWidth } from "../../ui/chart/use-size.ts";
import { counted, money, NONE, percent, perHour } from "../../ui/format.ts";
import { Ask } from "../questions/ask.tsx";
import type { CheapestForm } from "../questions/forms.ts";
import { useForms } from "../questions/use-forms.ts";
import { FLEET_WINDOW } from "../questions/window.ts";
import { fleetAt, fleetFigure, fleetScales } from "./draw.ts";
import { CheapestFields } from "./form.tsx";
import { fleetName, fleetsText, fleetTable, intervalText, pointsOf, rowsOf, VERDICTS } from "./select.ts";
import "./cheapest.css";

const useCheapest = questionStore<FleetSearch, FleetProgress, FleetResult>();
const cheapest = questionControl(useCheapest, async () => {
  const { findCheapestFleet } = await import("../../../analysis/fleet-search.ts");
  return (search, run, asked) => findCheapestFleet(run, search, asked);
});

const CONFIDENCE = 0.95;
/** Rows of fleets that were not tried; the table and the CSV have all. */
const MOST_ROWS = 40;

const axisOf = (path: string, values: readonly string[]): Axis[] => (values.length > 0 ? [{ path, values }] : []);

/**
 * The fleet is one pool, without faults: those of the scenario name replicas that smaller fleets have not. A price of one's own is that of the GPU for which it was
 * set: among several, each has the price of the catalog.
 */
function onePool(scenario: Scenario, { gpus }: CheapestForm): Scenario {
  const first = scenario.pools[0]!;
  const own = gpus === null || gpus.every((id) => id === first.gpu);
  return { ...scenario, faults: [], pools: [{ ...first, role: "mixed", pricePerGpuHour: own ? first.pricePerGpuHour : null }] };
}

function searchOf(scenario: Scenario, form: CheapestForm): FleetSearch {
  const policies = [...axisOf("pools[0].batching", form.schedulers), ...axisOf("routing", form.routers)];
  return {
    scenario: onePool(scenario, form),
    pool: 0,
    choices: {
      ...(form.gpus === null ? {} : { gpus: form.gpus }),
      replicas: { from: form.from, to: form.to },
      ...(form.tensorParallel.length > 0 ? { tensorParallel: form.tensorParallel } : {}),
      ...(policies.length > 0 ? { policies } : {}),
    },
    share: form.share,
    confidence: CONFIDENCE,
    seeds: seedsFrom(scenario, form.seeds),
    window: FLEET_WINDOW,
  };
}

function Fleets({ candidates, best, share }: { candidates: readonly FleetCandidate[]; best: FleetCandidate | null; share: number }) {
  const palette = usePalette();
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const points = useMemo(() => pointsOf(candidates), [candidates]);
  const figure = useMemo(() => (width === 0 ? null : fleetFigure(points, share, best, width)), [points, share, best, width]);
  const scales = fleetScales(points, width);
  return (
    <section className="panel" aria-label="Fleets">
      <SectionHead
        title="Fleets that were tried"
        phrase="full: meets the SLOs with the confidence; hollow square: misses them; bars are intervals over seeds"
        exports={{
          title: "Cheapest fleet",
          palette,
          figure: () => fleetFigure(points, share, best, Math.max(640, width)),
          table: () => fleetTable(candidates),
        }}
      />
      <div ref={box}>
        {figure !== null && (
          <MarkChart
            label="Fleets by price; Enter opens one in the workbench"
            text={fleetsText(points)}
            palette={palette}
            figure={figure}
            count={points.length}
            at={(x, y) => fleetAt(points, scales, x, y)}
            place={(i) => ({ x: scales.x(points[i]!.costPerHour), y: scales.y(points[i]!.attainment) })}
            highlight={(i) => (
              <circle
                cx={scales.x(points[i]!.costPerHour)}
                cy={scales.y(points[i]!.attainment)}
                r={8}
                fill="none"
                stroke={palette.color("ink")}
                strokeWidth={1.5}
              />
            )}
            onPick={(i) => openScenario(points[i]!.candidate.scenario)}
            tip={(i) => {
              const { candidate, name } = points[i]!;
              return {
                name,
                state: VERDICTS[candidate.verdict].label,
                rows: [
                  ["Cost", perHour(candidate.costPerHour)],
                  ["Requests that meet every SLO", intervalText(candidate)],
                  ["Runs", String(candidate.runs)],
                ],
                tail: "A click opens it in the workbench.",
              };
            }}
          />
        )}
      </div>
    </section>
  );
}

/** The sentence of the search names what dominates by ids; here that fleet stands in the first row. */
const whyOf = ({ reason }: FleetCandidate): string =>
  reason?.startsWith("It costs no less") === true ? "It costs no less than the cheapest." : (reason ?? "");

function Candidates({ candidates, best }: { candidates: readonly FleetCandidate[]; best: FleetCandidate | null }) {
  const rows = rowsOf(candidates, best);
  const tried = rows.filter(({ runs }) => runs > 0);
  const shown = rows.slice(0, Math.max(MOST_ROWS, tried.length));
  return (
    <section className="panel" aria-label="Candidates">
      <SectionHead
        title="Fleets"
        phrase={`${counted(tried.length, "fleet")} tried of ${rows.length}${shown.length < rows.length ? `; the first ${shown.length}` : ""}`}
      />
      <div className="table-scroll" tabIndex={0} role="region" aria-label="Fleets, table">
        <table className="answer-table">
          <thead>
            <tr>
              <th scope="col">Fleet</th>
              <th scope="col" className="left">
                Verdict
              </th>
              <th scope="col">$/h</th>
              <th scope="col">Meet every SLO, 95 % interval</th>
              <th scope="col">Runs</th>
              <th scope="col" className="left">
                Why
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map((candidate) => {
              const name = fleetName(candidate);
              return (
                <tr key={name} className={candidate === best ? "best" : undefined}>
                  <th scope="row">
                    <button type="button" aria-label={`Open ${name} in the workbench`} onClick={() => openScenario(candidate.scenario)}>
                      {name}
                    </button>
                  </th>
                  <td className="left">{candidate === best ? "the cheapest that meets them" : VERDICTS[candidate.verdict].label}</td>
                  <td>{candidate.costPerHour === null ? NONE : money(candidate.costPerHour)}</td>
                  <td>{intervalText(candidate)}</td>
                  <td>{candidate.runs}</td>
                  <td className="left why">{whyOf(candidate)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Answer({ share }: { readonly share: number }) {
  const { phase, progress, result } = useCheapest();
  if (result !== null)
    return (
      <p className="answer">
        {result.best === null ? (
          result.statement
        ) : (
          <>
            <b>
              {fleetName(result.best)}, {perHour(result.best.costPerHour)}
            </b>
            : the cheapest of {counted(result.candidates.length, "fleet")}. There {percent(result.best.attainment)} of the requests meet
            every SLO; that it is at least {percent(share, 0)} is {percent(CONFIDENCE, 0)} sure.
          </>
        )}
      </p>
    );
  const best = progress?.best ?? null;
  if (phase === "idle" || progress === null)
    return (
      <p className="answer">
        Choose the traffic, the SLOs and the GPUs to consider at the left: every fleet of them is weighed, those that cannot win are not
        run.
      </p>
    );
  return (
    <p className="answer">
      {best === null
        ? `No fleet so far meets every SLO for ${percent(share, 0)} of the requests.`
        : `So far: ${fleetName(best)} for ${perHour(best.costPerHour)}.`}
    </p>
  );
}

/** `setup`: sections of the scenario (traffic, model, SLOs), which stand above what is considered. */
export function CheapestPanel({ setup }: { readonly setup: ReactNode }) {
  const { cheapest: form } = useForms();
  const scenario = useScenarioStore((state) => state.scenario);
  const state = useCheapest();
  const candidates = state.result?.candidates ?? state.progress?.candidates ?? [];
  const best = state.result?.best ?? state.progress?.best ?? null;
  const share = state.asked?.share ?? form.share;
  const { progress, result } = state;
  const limits = scenario.sloClasses.some(({ ttft, tpot, e2e }) => ttft !== null || tpot !== null || e2e !== null);
  return (
    <div className="question-grid">
      <aside className="question-rail" aria-label="Cheapest fleet">
        {setup}
        <CheapestFields form={form} />
        {(scenario.pools.length > 1 || scenario.faults.length > 0) && (
          <p className="hint aside">Fleets of one pool, like {scenario.pools[0]?.name}, without the scenario's other pools and faults.</p>
        )}
        <Ask
          state={state}
          verb="Find the cheapest fleet"
          progress={
            result !== null
              ? `${counted(result.runs, "run")} of ${counted(result.exhaustiveRuns, "run")} for all`
              : `${counted(progress?.runs ?? 0, "run")}, ${progress?.settled ?? 0} of ${counted(progress?.kinds ?? 0, "kind")} settled`
          }
          share={progress === null ? null : progress.settled / Math.max(1, progress.kinds)}
          complaint={limits ? null : "No SLO class has a limit, so every fleet meets them. Give one under SLOs."}
          onAsk={() => void cheapest.start(searchOf(scenario, form), scenario)}
          onStop={cheapest.stop}
        />
      </aside>
      <div className="question-main">
        <section className="panel" aria-label="Answer, cheapest fleet">
          <SectionHead
            title="Cheapest fleet"
            phrase={`at which ${percent(share, 0)} of the requests meet every SLO, on the traffic of “${scenario.name}”`}
          />
          <Answer share={share} />
          {best !== null && (
            <button type="button" className="button" onClick={() => openScenario(best.scenario)}>
              Open it in the workbench
            </button>
          )}
        </section>
        {candidates.some(({ runs }) => runs > 0) && (
          <>
            <Fleets candidates={candidates} best={best} share={share} />
            <Candidates candidates={candidates} best={best} />
          </>
        )}
      </div>
    </div>
  );
}
