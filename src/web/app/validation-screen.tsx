// The validation screen: errors against measured runs, the runs of one set, calibration to one's own.
import { useState } from "react";
import { Mark } from "../ui/icons.tsx";
import { CalibratePanel } from "../views/validation/calibrate.tsx";
import { figures } from "../views/validation/figures.ts";
import { ScatterPanel } from "../views/validation/scatter.tsx";
import { SetsPanel } from "../views/validation/sets.tsx";
import { Notices } from "./notices.tsx";
import { Screens, TopBar } from "./top-bar.tsx";
import "../views/validation/validation.css";

function PhoneTop() {
  return (
    <header className="phone-top">
      <Mark />
      <h1 className="visually-hidden">Goodput</h1>
      <Screens />
    </header>
  );
}

/** The set that the acceptance of most users is about. */
const first = figures.sets.find(({ kind, limits }) => kind === "online" && limits.TTFT !== undefined) ?? figures.sets[0]!;

export function ValidationScreen({ phone }: { readonly phone: boolean }) {
  const [chosen, setChosen] = useState(first);
  return (
    <div className={`validation${phone ? " narrow" : ""}`}>
      {phone ? <PhoneTop /> : <TopBar />}
      <main className="validation-body" aria-label="Validation">
        <Notices />
        <SetsPanel figures={figures} chosen={chosen} onChoose={setChosen} />
        <div className="validation-grid">
          <ScatterPanel key={chosen.id} set={chosen} sets={figures.sets} />
          <CalibratePanel />
        </div>
      </main>
    </div>
  );
}
