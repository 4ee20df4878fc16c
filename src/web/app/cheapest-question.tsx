// The cheapest fleet, with the sections of the scenario that the question is about: traffic, model, SLOs.
import { useMemo } from "react";
import { crossCheck } from "../../scenario/cross-check.ts";
import { useScenarioStore } from "../state/scenario-store.ts";
import { CheapestPanel } from "../views/cheapest/panel.tsx";
import { ModelSection } from "../views/rail/model-section.tsx";
import { SloSection } from "../views/rail/slo-section.tsx";
import { TrafficSection } from "../views/rail/traffic-section.tsx";

export function CheapestQuestion() {
  const scenario = useScenarioStore((state) => state.scenario);
  const problems = useMemo(() => crossCheck(scenario), [scenario]);
  const about = (pattern: RegExp): readonly string[] => problems.filter((problem) => pattern.test(problem));
  return (
    <CheapestPanel
      setup={
        <>
          <TrafficSection problems={about(/^traffic/)} />
          <ModelSection problems={about(/^model/)} />
          <SloSection problems={about(/^(sloClasses|tenants)/)} />
        </>
      }
    />
  );
}
