// Crashes and reclaims at set times.
import type { Scenario } from "../../../scenario/types.ts";
import { runData, useRunStore } from "../../state/run-store.ts";
import { useScenarioStore } from "../../state/scenario-store.ts";
import { clock, counted } from "../../ui/format.ts";
import { Bound, BoundOptional } from "./bound.tsx";
import { choiceOf, faultAt, faultKind, faultReplica, replaceAfter } from "./descriptors.ts";
import { Section } from "./section.tsx";

function summaryOf({ faults }: Scenario): string {
  const of = (kind: string): number => faults.filter((fault) => fault.kind === kind).length;
  const parts = [
    of("crash") > 0 ? counted(of("crash"), "crash", "crashes") : "",
    of("reclaim") > 0 ? counted(of("reclaim"), "reclaim") : "",
  ];
  return parts.filter((text) => text !== "").join(", ") || "None";
}

function FaultGroup({ index }: { readonly index: number }) {
  const fault = useScenarioStore((state) => state.scenario.faults[index]);
  const pools = useScenarioStore((state) => state.scenario.pools.map((pool) => pool.name).join("\n")).split("\n");
  const { change } = useScenarioStore.getState();
  const end = useRunStore((state) => Math.max(60, Math.ceil(state.current.simEnd / 60) * 60));
  if (fault === undefined) return null;
  const at = `faults.${index}`;
  return (
    <div className="group" role="group" aria-label={`Fault ${index + 1}`}>
      <div className="group-head">
        {fault.kind === "crash" ? "Crash" : "Reclaim"} at {clock(fault.at)}
        <span className="actions">
          <button
            type="button"
            className="text-button"
            onClick={() => change((scenario) => ({ ...scenario, faults: scenario.faults.filter((_, i) => i !== index) }))}
          >
            Remove
          </button>
        </span>
      </div>
      <Bound path={`${at}.kind`} param={faultKind} />
      <Bound path={`${at}.at`} param={{ ...faultAt, max: end }} />
      <Bound
        path={`${at}.pool`}
        param={choiceOf(
          "Pool",
          "The pool that loses a replica.",
          pools.map((id) => ({ id, label: id })),
        )}
      />
      <Bound path={`${at}.replica`} param={{ ...faultReplica, max: Math.max(fault.replica, 64) }} />
      <BoundOptional path={`${at}.replaceAfter`} param={replaceAfter} none="never" />
    </div>
  );
}

export function FaultsSection({ problems }: { readonly problems: readonly string[] }) {
  const summary = useScenarioStore((state) => summaryOf(state.scenario));
  const count = useScenarioStore((state) => state.scenario.faults.length);
  const { change } = useScenarioStore.getState();
  const add = (scenario: Scenario): Scenario => ({
    ...scenario,
    faults: [
      ...scenario.faults,
      {
        at: Math.round((runData.picture?.progress.simEnd ?? 600) / 2),
        kind: "crash",
        pool: scenario.pools[0]?.name ?? "",
        replica: 1,
        replaceAfter: 60,
      },
    ],
  });
  return (
    <Section id="faults" title="Faults" summary={summary} edits={(path) => path.startsWith("faults")} problems={problems}>
      {Array.from({ length: count }, (_, i) => (
        <FaultGroup key={i} index={i} />
      ))}
      <button type="button" className="text-button" onClick={() => change(add)}>
        Add a fault
      </button>
    </Section>
  );
}
