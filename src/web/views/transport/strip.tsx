// The strip as a control: drag to look at another moment, Shift and drag to choose a range, arrow keys for both hands on the keyboard.
import { useEffect, useRef } from "react";
import { runData, useRunStore } from "../../state/run-store.ts";
import { useViewStore } from "../../state/view-store.ts";
import { usePalette, type Palette } from "../../ui/chart/palette.ts";
import { clock } from "../../ui/format.ts";
import { drawStrip, type StripColors } from "./strip-draw.ts";

function colorsOf({ color, forced }: Palette): StripColors {
  if (forced)
    return {
      past: "GrayText",
      future: "GrayText",
      futureAlpha: 0.2,
      late: "Highlight",
      axis: "CanvasText",
      ink: "CanvasText",
      wash: "Highlight",
    };
  return {
    past: color("ghost"),
    future: color("inset"),
    late: color("slo-miss"),
    axis: color("line-strong"),
    ink: color("ink"),
    wash: color("ink"),
  };
}

export function Strip() {
  const canvas = useRef<HTMLCanvasElement>(null);
  const drag = useRef<{ readonly from: number; readonly brush: boolean } | null>(null);
  const revision = useRunStore((state) => state.revision);
  const simTime = useRunStore((state) => state.current.simTime);
  const simEnd = useRunStore((state) => state.current.simEnd);
  const cursor = useViewStore((state) => state.cursor);
  const range = useViewStore((state) => state.range);
  const palette = usePalette();
  const size = useRef({ width: 0, height: 0 });

  const paint = (): void => {
    const element = canvas.current;
    const context = element?.getContext("2d");
    if (!element || !context) return;
    const { width, height } = size.current;
    const ratio = devicePixelRatio;
    if (element.width !== Math.round(width * ratio) || element.height !== Math.round(height * ratio)) {
      element.width = Math.round(width * ratio);
      element.height = Math.round(height * ratio);
    }
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const scene = {
      series: runData.picture?.series ?? null,
      ahead: runData.ghost?.series ?? null,
      now: simTime,
      end: simEnd,
      cursor,
      range,
    };
    drawStrip(context, width, height, scene, colorsOf(palette));
  };
  const latest = useRef(paint);
  latest.current = paint;
  useEffect(() => latest.current(), [revision, simTime, simEnd, cursor, range, palette]);
  useEffect(() => {
    const element = canvas.current?.parentElement;
    if (!element) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry === undefined) return;
      size.current = { width: entry.contentRect.width, height: entry.contentRect.height };
      latest.current();
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const timeAt = (event: React.PointerEvent): number => {
    const box = event.currentTarget.getBoundingClientRect();
    return Math.max(0, Math.min(1, (event.clientX - box.left) / box.width)) * simEnd;
  };
  const view = useViewStore.getState();
  const move = (event: React.PointerEvent): void => {
    const start = drag.current;
    if (start === null) return;
    const at = timeAt(event);
    if (start.brush) view.setRange(at > start.from ? [start.from, at] : [at, start.from]);
    else view.pinCursor(Math.min(at, simTime));
  };
  const keys = (event: React.KeyboardEvent): void => {
    const step = (event.shiftKey ? 10 : 1) * (runData.picture?.series.bucketSeconds ?? 5);
    const to = { ArrowLeft: (cursor ?? simTime) - step, ArrowRight: (cursor ?? simTime) + step, Home: 0, End: simTime }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    view.pinCursor(Math.max(0, Math.min(simTime, to)));
  };

  const shown = cursor ?? simTime;
  return (
    <div
      className="strip"
      role="slider"
      tabIndex={0}
      aria-label="Moment of the run"
      aria-valuemin={0}
      aria-valuemax={Math.round(simEnd)}
      aria-valuenow={Math.round(shown)}
      aria-valuetext={`${clock(shown)} of ${clock(simEnd)}${cursor === null ? ", live" : ""}`}
      title="Drag to look at another moment; Shift and drag to choose a range"
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        drag.current = { from: timeAt(event), brush: event.shiftKey };
        move(event);
      }}
      onPointerMove={move}
      onPointerUp={() => {
        drag.current = null;
      }}
      onPointerCancel={() => {
        drag.current = null;
      }}
      onKeyDown={keys}
    >
      <canvas ref={canvas} />
    </div>
  );
}
