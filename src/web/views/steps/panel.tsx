// Fleets over time, in full width under the front.
import { useMemo, useRef } from "react";
import { HoverChart } from "../../ui/chart/hover-chart.tsx";
import { usePalette } from "../../ui/chart/palette.ts";
import { SectionHead } from "../../ui/chart/section-head.tsx";
import { useWidth } from "../../ui/chart/use-size.ts";
import { counted } from "../../ui/format.ts";
import { useExperiment } from "../sweep/use-experiment.ts";
import { stepsFigure, stepsLayout, xOfTime } from "./draw.ts";
import { MOST_BESIDE, selectSteps, stepsTable, stepsTip } from "./select.ts";
import "./steps.css";

/** Places along the time axis that the keyboard steps through. */
const STEPS = 240;

export function StepsPanel() {
  const experiment = useExperiment(true);
  const palette = usePalette();
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const model = useMemo(() => (experiment === null ? null : selectSteps(experiment)), [experiment]);
  const figure = useMemo(() => (model === null || width === 0 ? null : stepsFigure(model, width)), [model, width]);
  const title = "Replicas and cost over time";
  const seeds = experiment?.plan.experiment.seeds.length ?? 1;
  const beside = seeds - 1 > MOST_BESIDE ? `${MOST_BESIDE} more` : seeds > 2 ? `the other ${seeds - 1}` : "the other one";
  const phrase = `serving replicas, and what they cost per hour${seeds > 1 ? `; the first seed in front, ${beside} pale` : ""}${model !== null && model.left > 0 ? `; ${counted(model.left, "setting")} more in the files` : ""}`;
  return (
    <section className="panel steps-panel" aria-label={title} hidden={model === null || model.rows.length === 0}>
      {experiment !== null && model !== null && (
        <SectionHead
          title={title}
          phrase={phrase}
          exports={{ title, palette, figure: () => stepsFigure(model, Math.max(720, width)), table: () => stepsTable(experiment) }}
        />
      )}
      <div ref={box}>
        {figure !== null && model !== null && experiment !== null && (
          <HoverChart
            bare
            title={title}
            text={model.text}
            palette={palette}
            figure={figure}
            table={() => stepsTable(experiment)}
            steps={STEPS + 1}
            stepAt={(x) => {
              const { left, right } = stepsLayout(model, width);
              return Math.round((STEPS * (x - left)) / (right - left));
            }}
            xOf={(step) => xOfTime(stepsLayout(model, width), model.end, (model.end * step) / STEPS)}
            tip={(step) => stepsTip(model, (model.end * step) / STEPS)}
            plot={{
              left: stepsLayout(model, width).left,
              right: width - stepsLayout(model, width).right,
              top: 0,
              height: figure.height - 20,
            }}
          />
        )}
      </div>
    </section>
  );
}
