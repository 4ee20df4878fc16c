// Shows a figure: data on a canvas at the device pixel ratio, texts as SVG above it.
import { memo, useEffect, useLayoutEffect, useRef, useState, type ReactNode } from "react";
import type { Figure, FigureText } from "./figure.ts";
import { canvasSurface } from "./paint.ts";
import type { Palette } from "./palette.ts";
import "./chart.css";

function usePixelRatio(): number {
  const [ratio, setRatio] = useState(() => window.devicePixelRatio || 1);
  useEffect(() => {
    const query = matchMedia(`(resolution: ${ratio}dppx)`);
    const change = (): void => setRatio(window.devicePixelRatio || 1);
    query.addEventListener("change", change);
    return () => query.removeEventListener("change", change);
  }, [ratio]);
  return ratio;
}

export function FigureTexts({ texts, palette }: { readonly texts: readonly FigureText[]; readonly palette: Palette }): ReactNode {
  return texts.map((t, i) => (
    <text
      key={i}
      x={t.x}
      y={t.y}
      textAnchor={t.anchor ?? "start"}
      fill={palette.color(t.color ?? "ink-3")}
      style={{ fontSize: t.size, fontWeight: t.weight }}
      className={t.halo ? "halo" : undefined}
    >
      {t.text}
    </text>
  ));
}

interface Props {
  readonly figure: Figure;
  readonly palette: Palette;
  /** More SVG above the texts: cursor, hover marks. */
  readonly children?: ReactNode;
}

/** Redraws when the figure or the palette is another object, not on every render. */
export const FigureView = memo(function FigureView({ figure, palette, children }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const ratio = usePixelRatio();
  const width = Math.ceil(figure.width);
  const height = Math.ceil(figure.height);
  useLayoutEffect(() => {
    const element = canvas.current;
    const context = element?.getContext("2d");
    if (!element || !context) return;
    const w = Math.round(width * ratio);
    const h = Math.round(height * ratio);
    if (element.width !== w) element.width = w;
    if (element.height !== h) element.height = h;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, w, h);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    figure.draw(canvasSurface(context, palette.color));
  }, [figure, palette, ratio, width, height]);
  return (
    <div className="figure" style={{ width, height }}>
      <canvas ref={canvas} style={{ width, height }} aria-hidden="true" />
      <svg width={width} height={height} aria-hidden="true">
        <FigureTexts texts={figure.texts} palette={palette} />
        {children}
      </svg>
    </div>
  );
});
