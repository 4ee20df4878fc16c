// A small chart with exports, and a cursor for pointer and keyboard that shows a tooltip.
import { useState, type KeyboardEvent, type ReactNode } from "react";
import type { Figure } from "./figure.ts";
import { FigureView } from "./figure-view.tsx";
import type { Palette } from "./palette.ts";
import { SectionHead } from "./section-head.tsx";
import type { TableData } from "./table-data.ts";
import { Tooltip, type TipContent } from "./tooltip.tsx";

interface Props {
  readonly title: string;
  readonly phrase?: string;
  readonly text: string;
  readonly palette: Palette;
  readonly figure: Figure;
  readonly table: () => TableData;
  /** Positions along x that arrow keys step through. */
  readonly steps: number;
  readonly stepAt: (x: number) => number;
  readonly xOf: (step: number) => number;
  readonly tip: (step: number) => TipContent | null;
  /** The plot inside the figure, in pixels. */
  readonly plot: { readonly left: number; readonly right: number; readonly top: number; readonly height: number };
  /** Without a head of its own: the section above it has title and exports. */
  readonly bare?: boolean;
  readonly tipY?: number;
}

export function HoverChart(props: Props): ReactNode {
  const { title, phrase, text, palette, figure, table, steps, stepAt, xOf, tip, plot, bare = false, tipY = 30 } = props;
  const [step, setStep] = useState(-1);
  const content = step >= 0 ? tip(step) : null;
  const key = (event: KeyboardEvent): void => {
    const by = event.shiftKey ? 10 : 1;
    if (event.key === "ArrowRight" || event.key === "ArrowUp") setStep(Math.min(steps - 1, step + by));
    else if (event.key === "ArrowLeft" || event.key === "ArrowDown") setStep(Math.max(0, step - by));
    else if (event.key === "Home") setStep(0);
    else if (event.key === "End") setStep(steps - 1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const x = xOf(Math.max(0, step));
  return (
    <div className="panel hover-chart">
      {!bare && <SectionHead level={3} title={title} phrase={phrase} exports={{ title, palette, figure: () => figure, table }} />}
      <p className="visually-hidden">{text}</p>
      <div className="hover-plot">
        <FigureView figure={figure} palette={palette} />
        <div
          className="chart-focus"
          role="slider"
          tabIndex={0}
          aria-label={title}
          aria-valuemin={0}
          aria-valuemax={steps - 1}
          aria-valuenow={Math.max(0, step)}
          aria-valuetext={content ? `${content.name}: ${content.rows.map((row) => row.join(" ")).join(", ")}` : text}
          style={{ left: plot.left, right: plot.right, top: plot.top, height: plot.height }}
          onKeyDown={key}
          onPointerMove={(event) =>
            setStep(Math.max(-1, Math.min(steps - 1, stepAt(event.clientX - event.currentTarget.getBoundingClientRect().left + plot.left))))
          }
          onPointerLeave={() => setStep(-1)}
          onBlur={() => setStep(-1)}
        />
        {content && (
          <>
            <svg className="chart-layer" width={figure.width} height={figure.height} aria-hidden="true">
              <path d={`M${x} ${plot.top}V${plot.top + plot.height}`} stroke={palette.color("ink")} />
            </svg>
            <Tooltip {...content} x={x} y={tipY} boundsWidth={figure.width} />
          </>
        )}
      </div>
    </div>
  );
}
