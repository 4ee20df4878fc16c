// A chart of marks in the plane: pointer and arrow keys look at one, a click or Enter takes it, a tooltip says what it is.
import { useState, type KeyboardEvent, type ReactNode } from "react";
import type { Figure } from "./figure.ts";
import { FigureView } from "./figure-view.tsx";
import type { Palette } from "./palette.ts";
import { Tooltip, type TipContent } from "./tooltip.tsx";
import "./mark-chart.css";

interface Props {
  readonly label: string;
  /** The chart in a sentence, for readers. */
  readonly text: string;
  readonly palette: Palette;
  readonly figure: Figure;
  readonly count: number;
  /** The mark at a place of the figure, or null. */
  readonly at: (x: number, y: number) => number | null;
  /** Where the tooltip points. */
  readonly place: (mark: number) => { readonly x: number; readonly y: number };
  readonly tip: (mark: number) => TipContent;
  /** The mark looked at when other charts decide it. */
  readonly looked?: number | null;
  readonly onLook?: (mark: number | null) => void;
  readonly onPick?: (mark: number) => void;
  /** SVG over the figure for the mark looked at. */
  readonly highlight?: (mark: number) => ReactNode;
}

export function MarkChart(props: Props): ReactNode {
  const { label, text, palette, figure, count, at, place, tip, onLook, onPick, highlight } = props;
  const [own, setOwn] = useState<number | null>(null);
  const [here, setHere] = useState(false);
  const mark = props.looked === undefined ? own : props.looked;
  const look = (next: number | null): void => {
    setOwn(next);
    onLook?.(next);
  };
  const key = (event: KeyboardEvent): void => {
    const now = mark ?? -1;
    const last = count - 1;
    const next = {
      ArrowRight: Math.min(last, now + 1),
      ArrowDown: Math.min(last, now + 1),
      ArrowLeft: Math.max(0, now - 1),
      ArrowUp: Math.max(0, now - 1),
      Home: 0,
      End: last,
    }[event.key];
    if (next !== undefined) {
      setHere(true);
      look(next);
    } else if (event.key === "Enter" && mark !== null) onPick?.(mark);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const leave = (): void => {
    setHere(false);
    look(null);
  };
  const content = mark === null || mark >= count ? null : tip(mark);
  const point = mark === null || mark >= count ? null : place(mark);
  return (
    <div className="mark-chart">
      <p className="visually-hidden">{text}</p>
      <FigureView figure={figure} palette={palette}>
        {mark !== null && mark < count && highlight?.(mark)}
      </FigureView>
      <div
        className="chart-focus"
        role="slider"
        tabIndex={0}
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={Math.max(0, count - 1)}
        aria-valuenow={Math.max(0, mark ?? 0)}
        aria-valuetext={content ? `${content.name}: ${content.rows.map((row) => row.join(" ")).join(", ")}` : text}
        style={{ inset: 0 }}
        onKeyDown={key}
        onPointerMove={(event) => {
          const box = event.currentTarget.getBoundingClientRect();
          setHere(true);
          look(at(event.clientX - box.left, event.clientY - box.top));
        }}
        onPointerLeave={leave}
        onBlur={leave}
        onClick={() => {
          if (mark !== null) onPick?.(mark);
        }}
      />
      {here && content !== null && point !== null && (
        <Tooltip {...content} x={point.x} y={point.y} clearX={14} boundsWidth={figure.width} />
      )}
    </div>
  );
}
