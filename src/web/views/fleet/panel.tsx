// The fleet at the cursor, or live: cells up to 64 replicas, strips beyond. Hover shows all numbers, click selects, arrows move.
import { useCallback, useMemo, useRef, useState, type KeyboardEvent, type PointerEvent, type ReactNode } from "react";
import { useRunStore } from "../../state/run-store.ts";
import { useRunData } from "../use-run-data.ts";
import { useViewStore } from "../../state/view-store.ts";
import type { Figure } from "../../ui/chart/figure.ts";
import { FigureView } from "../../ui/chart/figure-view.tsx";
import { usePalette } from "../../ui/chart/palette.ts";
import { SectionHead, Views } from "../../ui/chart/section-head.tsx";
import { Tooltip } from "../../ui/chart/tooltip.tsx";
import { PHONE_WIDTH, useWidth } from "../../ui/chart/use-size.ts";
import { clock } from "../../ui/format.ts";
import { momentOf } from "../moment.ts";
import { cellTexts, drawCells, drawStrip, STRIP_HEIGHT, stripTexts } from "./draw.ts";
import { columnAt, IN_ROWS, layoutCells, layoutStrip, neighbour, type CellLayout, type StripLayout } from "./layout.ts";
import { cellText, cellTip, fleetSummary, fleetTable, selectFleet, selectSpark, type FleetCell, type FleetMoment } from "./select.ts";
import "./fleet.css";

export function FleetPanel(): ReactNode {
  const { picture, revision } = useRunData();
  const phase = useRunStore((state) => state.current.phase);
  const cursor = useViewStore((state) => state.cursor);
  const selected = useViewStore((state) => state.selectedReplica);
  const mode = useViewStore((state) => state.fleetMode);
  const sort = useViewStore((state) => state.fleetSort);
  const setView = useViewStore((state) => state.setView);
  const palette = usePalette();
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const phone = width > 0 && width < PHONE_WIDTH;
  const at = picture ? momentOf(picture, cursor) : null;
  // The fleet changes only from sample to sample, so a moving pointer redraws it once per sample.
  const sampleTime =
    picture && at ? (at.live ? at.time : Math.floor(at.time / picture.fleet.sampleSeconds) * picture.fleet.sampleSeconds) : 0;
  const moment = useMemo(() => (picture ? selectFleet(picture, sampleTime, sort) : null), [picture, revision, sampleTime, sort]);
  const strip = moment !== null && (mode === "strip" || (mode === "auto" && moment.cells.length > IN_ROWS));

  const shown = useMemo(() => {
    if (!picture || !moment || width === 0) return null;
    if (strip) {
      const layout = layoutStrip(moment.groups, width, phone);
      const figure: Figure = {
        width,
        height: STRIP_HEIGHT,
        draw: (surface) => drawStrip(surface, layout, moment, palette.ramp, selected),
        texts: stripTexts(layout, moment),
      };
      return { kind: "strip" as const, layout, figure };
    }
    const layout = layoutCells(moment.groups, width, phone);
    const figure: Figure = {
      width,
      height: layout.height,
      draw: (surface) => drawCells(surface, layout, (replica) => selectSpark(picture, replica, moment.sample), selected),
      texts: cellTexts(layout),
    };
    return { kind: "cells" as const, layout, figure };
  }, [picture, moment, strip, width, phone, selected, palette]);

  // First click selects, second opens the replica's own track, third lets it go.
  const select = useCallback((replica: number) => {
    const view = useViewStore.getState();
    const open = view.foldedTracks.includes("replica");
    if (view.selectedReplica !== replica) view.selectReplica(replica);
    else if (open) {
      view.toggleTrack("replica");
      view.selectReplica(null);
    } else view.toggleTrack("replica");
  }, []);
  const phrase = at
    ? at.live
      ? `at ${clock(at.time)}, ${phase === "running" || phase === "paused" ? "live" : "the end"}${strip ? "; one column per replica" : ""}`
      : `at ${clock(at.time)}, the cursor${strip ? "; one column per replica" : ""}`
    : undefined;
  return (
    <section className="panel fleet-panel" aria-label="Fleet">
      <SectionHead
        title="Fleet"
        phrase={phone && at ? `at ${clock(at.time)}` : phrase}
        exports={
          phone || !shown || !moment ? undefined : { title: "Fleet", palette, figure: () => shown.figure, table: () => fleetTable(moment) }
        }
      >
        {phone ? (
          <span>{moment && fleetSummary(moment)}</span>
        ) : (
          <>
            {!strip && (
              <span className="key" aria-hidden="true">
                <span>
                  <i style={{ background: "var(--decode)" }} />
                  decode
                </span>
                <span>
                  <i style={{ background: "var(--prefill)" }} />
                  prefill
                </span>
                <span>
                  <i style={{ background: "var(--waiting)" }} />
                  waiting
                </span>
              </span>
            )}
            <Views
              label="Fleet view"
              options={[
                ["cells", "Cells"],
                ["strip", "Strip"],
              ]}
              value={strip ? "strip" : "cells"}
              onChange={(fleetMode) => setView({ fleetMode })}
            />
            <Views
              label="Sort"
              showLabel
              options={[
                ["id", moment?.byPlace ? "By place" : "By id"],
                ["load", "By load"],
              ]}
              value={sort}
              onChange={(fleetSort) => setView({ fleetSort })}
            />
          </>
        )}
      </SectionHead>
      <p className="visually-hidden">{moment && at ? `Fleet at ${clock(at.time)}: ${fleetSummary(moment)}.` : ""}</p>
      <div ref={box} className="fleet-box" style={{ minHeight: shown?.figure.height ?? 130 }}>
        {!picture && <p className="empty">No run yet. The fleet appears when the first one starts.</p>}
        {moment && moment.cells.length === 0 && <p className="empty">No replica was there at {clock(moment.time)}.</p>}
        {shown && moment && (
          <>
            <FigureView figure={shown.figure} palette={palette} />
            {shown.kind === "cells" ? (
              <CellButtons layout={shown.layout} moment={moment} selected={selected} onSelect={select} />
            ) : (
              <StripTarget layout={shown.layout} moment={moment} selected={selected} onSelect={select} />
            )}
          </>
        )}
      </div>
    </section>
  );
}

interface TargetProps {
  readonly moment: FleetMoment;
  readonly selected: number | null;
  readonly onSelect: (replica: number) => void;
}

/** Transparent buttons over the cells: pointer, focus and screen readers. One tab stop; arrows move. */
function CellButtons({ layout, moment, selected, onSelect }: TargetProps & { readonly layout: CellLayout }): ReactNode {
  const [hovered, setHovered] = useState<number | null>(null);
  const root = useRef<HTMLDivElement>(null);
  const there = layout.cells.filter(({ cell }) => cell.name !== "");
  const stop = Math.max(
    0,
    there.findIndex(({ cell }) => cell.replica === selected),
  );
  const key = (event: KeyboardEvent, index: number): void => {
    if (!["ArrowRight", "ArrowLeft", "ArrowUp", "ArrowDown", "Home", "End"].includes(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    const to = neighbour(there, index, event.key);
    root.current?.querySelectorAll<HTMLButtonElement>("button")[to]?.focus();
  };
  const tip = there.find(({ cell }) => cell.replica === hovered);
  return (
    <div ref={root} className="fleet-cells" role="group" aria-label="Replicas" onPointerLeave={() => setHovered(null)}>
      {there.map(({ cell, x, y, width, height }, i) => (
        <button
          key={cell.replica}
          type="button"
          className="chart-focus"
          style={{ left: x, top: y, width, height }}
          tabIndex={i === stop ? 0 : -1}
          aria-pressed={cell.replica === selected}
          aria-label={cellText(cell)}
          onClick={() => onSelect(cell.replica)}
          onPointerEnter={(event) => event.pointerType === "mouse" && setHovered(cell.replica)}
          onFocus={() => setHovered(cell.replica)}
          onBlur={() => setHovered(null)}
          onKeyDown={(event) => key(event, i)}
        />
      ))}
      {tip && (
        <Tooltip
          {...cellTip(tip.cell, moment.groups[tip.cell.pool] as FleetMoment["groups"][number])}
          x={tip.x + tip.width / 2}
          y={tip.y + tip.height}
          clearY={5}
          boundsWidth={layout.width}
          place="below"
        />
      )}
    </div>
  );
}

/** One focusable strip: arrows walk over the replicas, Enter selects. */
function StripTarget({ layout, moment, selected, onSelect }: TargetProps & { readonly layout: StripLayout }): ReactNode {
  const [hovered, setHovered] = useState(-1);
  const count = moment.cells.length;
  const chosen = moment.cells.findIndex((cell) => cell.replica === selected);
  const shown = hovered >= 0 ? hovered : chosen;
  const cell: FleetCell | undefined = moment.cells[shown];
  const find = (event: PointerEvent<HTMLElement>): number =>
    columnAt(layout, event.clientX - event.currentTarget.getBoundingClientRect().left);
  const key = (event: KeyboardEvent): void => {
    const step = event.shiftKey ? 10 : 1;
    const from = Math.max(0, shown);
    const to =
      event.key === "ArrowRight" || event.key === "ArrowDown"
        ? from + (shown < 0 ? 0 : step)
        : event.key === "ArrowLeft" || event.key === "ArrowUp"
          ? from - step
          : event.key === "Home"
            ? 0
            : event.key === "End"
              ? count - 1
              : null;
    if (to !== null) {
      event.preventDefault();
      event.stopPropagation();
      setHovered(Math.max(0, Math.min(count - 1, to)));
    } else if ((event.key === "Enter" || event.key === " ") && cell) {
      event.preventDefault();
      onSelect(cell.replica);
    }
  };
  const x = cell ? (layout.x[shown] as number) + layout.columnWidth / 2 : 0;
  return (
    <>
      <div
        className="fleet-strip chart-focus"
        style={{ height: 134 }}
        role="slider"
        tabIndex={0}
        aria-label="Replica"
        aria-valuemin={1}
        aria-valuemax={Math.max(1, count)}
        aria-valuenow={Math.max(1, shown + 1)}
        aria-valuetext={cell ? cellText(cell) : "none selected"}
        onPointerMove={(event) => setHovered(find(event))}
        onPointerLeave={() => setHovered(-1)}
        onBlur={() => setHovered(-1)}
        onClick={(event) => {
          const at = columnAt(layout, event.clientX - event.currentTarget.getBoundingClientRect().left);
          const hit = moment.cells[at];
          if (hit) onSelect(hit.replica);
        }}
        onKeyDown={key}
      />
      {cell && (
        <>
          <svg className="fleet-leader" width={layout.width} height={STRIP_HEIGHT} aria-hidden="true">
            <path d={`M${x} 21V138`} stroke="var(--ink)" />
          </svg>
          {hovered >= 0 && (
            <Tooltip
              {...cellTip(cell, moment.groups[cell.pool] as FleetMoment["groups"][number])}
              x={x}
              y={138}
              clearY={0}
              boundsWidth={layout.width}
              place="below"
            />
          )}
        </>
      )}
    </>
  );
}
