// Residuals of the form on the page against each quantity of a batch. Each chart is computed and drawn in a task of its own.
import { useCallback, useMemo, useRef } from "react";
import type { FitInput, FittedForm } from "../../../latency/fit/session-types.ts";
import type { OutOfBag } from "../../../latency/fit/types.ts";
import { fitData, shownForm, useFitStore } from "../../state/fit-store.ts";
import { FigureView } from "../../ui/chart/figure-view.tsx";
import { usePalette, type Palette } from "../../ui/chart/palette.ts";
import { SectionHead } from "../../ui/chart/section-head.tsx";
import { useWidth } from "../../ui/chart/use-size.ts";
import { useInTurn } from "../in-turn.ts";
import { residualsFigure, tileWidth } from "./draw.ts";
import { features, reachOf, residualsTable, residualsText, selectResiduals, type Feature, type ResidualsModel } from "./select.ts";
import "./residuals.css";

const TITLE = "Residuals";

interface Shown {
  readonly input: FitInput;
  readonly fitted: FittedForm;
  readonly outOfBag: OutOfBag | undefined;
}

const modelOf = ({ input, fitted, outOfBag }: Shown): ResidualsModel => ({
  charts: features.flatMap((feature) => selectResiduals(feature, input, fitted, outOfBag) ?? []),
  reach: reachOf(fitted),
});

function Tile({
  feature,
  shown: { input, fitted, outOfBag },
  width,
  palette,
}: {
  feature: Feature;
  shown: Shown;
  width: number;
  palette: Palette;
}) {
  const chart = useInTurn(useCallback(() => selectResiduals(feature, input, fitted, outOfBag), [feature, input, fitted, outOfBag]));
  const reach = reachOf(fitted);
  const figure = useMemo(() => (chart === null ? null : residualsFigure({ charts: [chart], reach }, width)), [chart, reach, width]);
  if (chart === null || figure === null) return null;
  return (
    <div>
      <p className="visually-hidden">{residualsText(chart)}</p>
      <FigureView figure={figure} palette={palette} />
    </div>
  );
}

export function ResidualsPanel() {
  useFitStore((state) => state.revision);
  const fitted = useFitStore(shownForm);
  const palette = usePalette();
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const { input } = fitData;
  const outOfBag = fitted === null ? undefined : fitData.outOfBag.get(fitted.form);
  const shown = useMemo(() => (input === null || fitted === null ? null : { input, fitted, outOfBag }), [input, fitted, outOfBag]);
  return (
    <section className="panel residuals-panel" aria-label={TITLE}>
      <SectionHead
        title={TITLE}
        phrase="measured over predicted; line: median, shade: P10 to P90, bars: 95 % of resamples without the row"
        {...(shown === null
          ? {}
          : {
              exports: {
                title: TITLE,
                palette,
                figure: () => residualsFigure(modelOf(shown), Math.max(720, width)),
                table: () => residualsTable(modelOf(shown)),
              },
            })}
      />
      <div ref={box} className="residual-tiles">
        {shown !== null &&
          width > 0 &&
          features.map((feature) => <Tile key={feature.id} feature={feature} shown={shown} width={tileWidth(width)} palette={palette} />)}
      </div>
    </section>
  );
}
