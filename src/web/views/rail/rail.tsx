// The scenario as sections: many, few open. What is wrong stands in the section where it can be put right.
import { useMemo } from "react";
import { crossCheck } from "../../../scenario/cross-check.ts";
import { runData, useRunStore } from "../../state/run-store.ts";
import { useScenarioStore } from "../../state/scenario-store.ts";
import { counted } from "../../ui/format.ts";
import { FaultsSection } from "./faults-section.tsx";
import { FleetSection } from "./fleet-section.tsx";
import { ModelSection } from "./model-section.tsx";
import { AdmissionSection, AutoscalerSection, RouterSection, SchedulerSection } from "./policy-sections.tsx";
import { SloSection } from "./slo-section.tsx";
import { TrafficSection } from "./traffic-section.tsx";
import "./rail.css";

function StatusLine() {
  const seed = useScenarioStore((state) => state.scenario.seed);
  const requests = useRunStore((state) => (state.revision > 0 ? (runData.picture?.summary.requests.total ?? 0) : 0));
  return (
    <div className="status-line">
      <span>Seed {seed}</span>
      <span>{counted(requests, "request")}</span>
    </div>
  );
}

export function Rail() {
  const scenario = useScenarioStore((state) => state.scenario);
  const problems = useMemo(() => crossCheck(scenario), [scenario]);
  const about = (pattern: RegExp): readonly string[] =>
    problems.filter((problem) => pattern.test(problem)).map((problem) => `${problem.replace(/^[^ ]*: /, "")} The last run stays.`);
  return (
    <>
      <TrafficSection problems={about(/^traffic/)} />
      <ModelSection problems={about(/^model/)} />
      <FleetSection problems={about(/^pools(?!\S*\.minReplicas)/)} />
      <RouterSection problems={about(/^routing/)} />
      <SchedulerSection problems={[]} />
      <AdmissionSection problems={about(/^admission/)} />
      <AutoscalerSection problems={about(/^pools\S*\.minReplicas/)} />
      <SloSection problems={about(/^(sloClasses|tenants)/)} />
      <FaultsSection problems={about(/^faults/)} />
      <StatusLine />
    </>
  );
}
