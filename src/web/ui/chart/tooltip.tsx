// Tooltip: name first, then a two-column table with units. It never covers the point it speaks of.
import { useLayoutEffect, useRef, useState, type ReactNode } from "react";

export interface TipContent {
  readonly name: string;
  readonly state?: string;
  readonly rows: readonly (readonly [label: string, value: string])[];
  /** Sentences before and after the rows. */
  readonly lead?: string;
  readonly tail?: string;
}

interface Props extends TipContent {
  /** The point, in pixels of the nearest positioned ancestor, and the box to keep clear around it. */
  readonly x: number;
  readonly y: number;
  readonly clearX?: number;
  readonly clearY?: number;
  readonly boundsWidth: number;
  /** "below" puts it under the point and centred; "beside" to its right, or left where there is no room. */
  readonly place?: "below" | "beside";
}

export function Tooltip({
  name,
  state,
  lead,
  rows,
  tail,
  x,
  y,
  clearX = 10,
  clearY = 10,
  boundsWidth,
  place = "beside",
}: Props): ReactNode {
  const ref = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const box = ref.current?.getBoundingClientRect();
    if (box && (box.width !== size.width || box.height !== size.height)) setSize({ width: box.width, height: box.height });
  });
  const right = x + clearX + size.width <= boundsWidth;
  const left =
    place === "below"
      ? Math.max(0, Math.min(boundsWidth - size.width, x - size.width / 2))
      : right
        ? x + clearX
        : Math.max(0, x - clearX - size.width);
  const top = place === "below" ? y + clearY : y - Math.min(size.height / 2, 40);
  return (
    <div ref={ref} className="chart-tip" style={{ left, top, visibility: size.width ? "visible" : "hidden" }} aria-hidden="true">
      <div>
        <b>{name}</b> {state && <span className="state">{state}</span>}
      </div>
      {lead && <p>{lead}</p>}
      <dl>
        {rows.map(([label, value]) => (
          <div key={label} style={{ display: "contents" }}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {tail && <p>{tail}</p>}
    </div>
  );
}
