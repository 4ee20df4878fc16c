// The experiments screen: what varies at the left, the front in the middle, hypervolume and settings at the right, the fleets over time below.
import { useScenarioStore } from "../state/scenario-store.ts";
import { Mark } from "../ui/icons.tsx";
import { FrontPanel } from "../views/front/panel.tsx";
import { HypervolumePanel } from "../views/hypervolume/panel.tsx";
import { ManyPanel } from "../views/many/panel.tsx";
import { StepsPanel } from "../views/steps/panel.tsx";
import { SweepRail } from "../views/sweep/rail.tsx";
import { Notices } from "./notices.tsx";
import { Screens, TopBar } from "./top-bar.tsx";
import "./experiments.css";

function PhoneTop() {
  return (
    <header className="phone-top">
      <Mark />
      <h1 className="visually-hidden">Goodput</h1>
      <Screens />
    </header>
  );
}

export function ExperimentsScreen({ phone }: { readonly phone: boolean }) {
  const name = useScenarioStore((state) => state.scenario.name);
  return (
    <div className={`experiments${phone ? " narrow" : ""}`}>
      {phone ? <PhoneTop /> : <TopBar />}
      <main className="experiment-body" aria-label={`Experiments on ${name}`}>
        <Notices />
        <div className="experiment-grid">
          <SweepRail />
          <div className="experiment-middle">
            <FrontPanel />
            <ManyPanel />
          </div>
          <HypervolumePanel />
        </div>
        <StepsPanel />
      </main>
    </div>
  );
}
