// The experiments screen: what varies at the left, the front in the middle, hypervolume and settings at the right, the fleets over time below.
import { useScenarioStore } from "../state/scenario-store.ts";
import { FrontPanel } from "../views/front/panel.tsx";
import { HypervolumePanel } from "../views/hypervolume/panel.tsx";
import { StepsPanel } from "../views/steps/panel.tsx";
import { SweepRail } from "../views/sweep/rail.tsx";
import { Notices } from "./notices.tsx";
import { PhoneTop } from "./phone-top.tsx";
import { TopBar } from "./top-bar.tsx";
import "./experiments.css";

export function ExperimentsScreen({ phone }: { readonly phone: boolean }) {
  const name = useScenarioStore((state) => state.scenario.name);
  return (
    <div className={`experiments${phone ? " narrow" : ""}`}>
      {phone ? <PhoneTop /> : <TopBar />}
      <main className="experiment-body" aria-label={`Experiments on ${name}`}>
        <Notices />
        <div className="experiment-grid">
          <SweepRail />
          <FrontPanel />
          <HypervolumePanel />
        </div>
        <StepsPanel />
      </main>
    </div>
  );
}
