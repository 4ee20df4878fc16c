// The screen of latency models: measurements and method at the left, plots in the middle, the model at the right. Until a file comes it shows the sample.
import { useEffect } from "react";
import { SAMPLE_FILE, sampleText } from "../../latency/fit/sample.ts";
import { readMeasured } from "../rpc/fit-control.ts";
import { useFitStore } from "../state/fit-store.ts";
import { FittedModelPanel } from "../views/fitted-model/panel.tsx";
import { KeptModelsPanel } from "../views/kept-models/panel.tsx";
import { MeasuredPanel } from "../views/measured/panel.tsx";
import { PredictionPanel } from "../views/prediction/panel.tsx";
import { ResidualsPanel } from "../views/residuals/panel.tsx";
import { ScreenFrame } from "./screen-frame.tsx";
import "./models.css";

export function ModelsScreen({ phone }: { readonly phone: boolean }) {
  useEffect(() => {
    if (useFitStore.getState().phase === "empty") void readMeasured({ name: SAMPLE_FILE, text: sampleText() });
  }, []);
  return (
    <ScreenFrame phone={phone} body="models-body" label="Latency models">
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
    </ScreenFrame>
  );
}
