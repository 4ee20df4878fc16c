// The validation screen: errors against measured runs, the runs of one set, calibration to one's own.
import { useState } from "react";
import { CalibratePanel } from "../views/validation/calibrate.tsx";
import { figures } from "../views/validation/figures.ts";
import { ScatterPanel } from "../views/validation/scatter.tsx";
import { SetsPanel } from "../views/validation/sets.tsx";
import { ScreenFrame } from "./screen-frame.tsx";
import "../views/validation/validation.css";

/** The set that the acceptance of most users is about. */
const first = figures.sets.find(({ kind, limits }) => kind === "online" && limits.TTFT !== undefined) ?? figures.sets[0]!;

export function ValidationScreen({ phone }: { readonly phone: boolean }) {
  const [chosen, setChosen] = useState(first);
  return (
    <ScreenFrame phone={phone} body="validation-body" label="Validation">
      <SetsPanel figures={figures} chosen={chosen} onChoose={setChosen} />
      <div className="validation-grid">
        <ScatterPanel key={chosen.id} set={chosen} sets={figures.sets} />
        <CalibratePanel />
      </div>
    </ScreenFrame>
  );
}
