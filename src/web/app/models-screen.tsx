// The screen of latency models: measurements and method at the left, plots in the middle, the model at the right. Until a file comes it shows the sample.
import { useEffect } from "react";
import { SAMPLE_FILE, sampleText } from "../../latency/fit/sample.ts";
import { readMeasured } from "../rpc/fit-control.ts";
import { useFitStore } from "../state/fit-store.ts";
import { Mark } from "../ui/icons.tsx";
import { FittedModelPanel } from "../views/fitted-model/panel.tsx";
import { KeptModelsPanel } from "../views/kept-models/panel.tsx";
import { MeasuredPanel } from "../views/measured/panel.tsx";
import { PredictionPanel } from "../views/prediction/panel.tsx";
import { ResidualsPanel } from "../views/residuals/panel.tsx";
import { Notices } from "./notices.tsx";
import { Screens, TopBar } from "./top-bar.tsx";
import "./models.css";

function PhoneTop() {
  return (
    <header className="phone-top">
      <Mark />
      <h1 className="visually-hidden">Goodput</h1>
      <Screens />
    </header>
  );
}

export function ModelsScreen({ phone }: { readonly phone: boolean }) {
  useEffect(() => {
    if (useFitStore.getState().phase === "empty") void readMeasured({ name: SAMPLE_FILE, text: sampleText() });
  }, []);
  return (
    <div className={`models${phone ? " narrow" : ""}`}>
      {phone ? <PhoneTop /> : <TopBar />}
      <main className="models-body" aria-label="Latency models">
        <Notices />
        <div className="models-grid">
          <aside className="models-rail" aria-label="Measurements and method">
            <MeasuredPanel />
            <KeptModelsPanel />
          </aside>
          <div className="models-plots">
            <PredictionPanel />
            <ResidualsPanel />
          </div>
          <FittedModelPanel />
        </div>
      </main>
    </div>
  );
}
