// Residuals of the form on the page against each quantity of a batch.
import { useCallback, useMemo, useRef } from "react";
import { fitData, shownForm, useFitStore } from "../../state/fit-store.ts";
import { FigureView } from "../../ui/chart/figure-view.tsx";
import { usePalette } from "../../ui/chart/palette.ts";
import { SectionHead } from "../../ui/chart/section-head.tsx";
import { useWidth } from "../../ui/chart/use-size.ts";
import { useInTurn } from "../in-turn.ts";
import { residualsFigure } from "./draw.ts";
import { features, joinResiduals, residualsTable, selectResiduals } from "./select.ts";
import "./residuals.css";

const TITLE = "Residuals";

export function ResidualsPanel() {
  useFitStore((state) => state.revision);
  const fitted = useFitStore(shownForm);
  const palette = usePalette();
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const { input } = fitData;
  const model = useInTurn(
    useCallback(
      () =>
        input === null || fitted === null
          ? null
          : joinResiduals(features.flatMap((feature) => selectResiduals(feature, input, fitted) ?? [])),
      [input, fitted],
    ),
  );
  const figure = useMemo(() => (model === null || width === 0 ? null : residualsFigure(model, width)), [model, width]);
  return (
    <section className="panel residuals-panel" aria-label={TITLE}>
      <SectionHead
        title={TITLE}
        phrase="measured over predicted, less one, %; the line is the running median, the shade P10 to P90"
        {...(model === null
          ? {}
          : {
              exports: {
                title: TITLE,
                palette,
                figure: () => residualsFigure(model, Math.max(720, width)),
                table: () => residualsTable(model),
              },
            })}
      />
      <p className="visually-hidden">{model?.text ?? ""}</p>
      <div ref={box}>{figure !== null && <FigureView figure={figure} palette={palette} />}</div>
    </section>
  );
}
