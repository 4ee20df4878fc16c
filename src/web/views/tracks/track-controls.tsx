// Titles of the tracks (fold, move, resize, export) and the focusable plots: every hover has a keyboard twin.
import { memo, useRef, type KeyboardEvent, type ReactNode } from "react";
import type { RunPicture } from "../../rpc/protocol.ts";
import { useViewStore } from "../../state/view-store.ts";
import { download, fileName } from "../../ui/chart/download.ts";
import { figurePng, figureSvg, type Figure } from "../../ui/chart/figure.ts";
import type { Palette } from "../../ui/chart/palette.ts";
import { toCsv, type TableData } from "../../ui/chart/table-data.ts";
import { PopoverButton } from "../../ui/popover.tsx";
import { clock, counted } from "../../ui/format.ts";
import { momentOf } from "../moment.ts";
import type { PlacedTrack, TrackLayout } from "./layout.ts";
import type { DecisionMark, TrackModel } from "./model.ts";

export interface TrackActions {
  fold(id: string): void;
  move(id: string, by: number): void;
  resize(placed: PlacedTrack, factor: number): void;
  figure(track: TrackModel): Figure;
  table(track: TrackModel): TableData;
  show(table: TableData): void;
  /** The decisions of autoscalers, as a table or a file. */
  decisions(asCsv: boolean): void;
}

export const TrackTitles = memo(function TrackTitles({
  layout,
  actions,
  palette,
}: {
  layout: TrackLayout;
  actions: TrackActions;
  palette: Palette;
}): ReactNode {
  return layout.tracks.map((placed) => {
    const { track, folded } = placed;
    const key = (event: KeyboardEvent): void => {
      if (!event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
      event.preventDefault();
      event.stopPropagation();
      actions.move(track.id, event.key === "ArrowUp" ? -1 : 1);
    };
    const entry = (label: string, act: () => void, close: () => void, hint?: string): ReactNode => (
      <button
        type="button"
        onClick={() => {
          close();
          act();
        }}
      >
        <span>{label}</span>
        {hint && <kbd>{hint}</kbd>}
      </button>
    );
    return (
      <div key={track.id} className="track-title" style={{ top: placed.top + (layout.phone ? 0 : 2) }} onKeyDown={key}>
        <PopoverButton
          className="track-name"
          label={`${track.title}, ${track.unit.join(" ")}${folded ? ", folded" : ""}: track menu`}
          face={
            <>
              {track.title}
              <svg width="8" height="8" viewBox="0 0 8 8" aria-hidden="true" className={folded ? "chevron folded" : "chevron"}>
                <path d="M1.5 2.5L4 5.5L6.5 2.5" fill="none" stroke="currentColor" strokeWidth="1.2" />
              </svg>
            </>
          }
        >
          {(close) => (
            <>
              {entry(folded ? "Unfold" : "Fold", () => actions.fold(track.id), close)}
              {entry("Move up", () => actions.move(track.id, -1), close, "Alt Up")}
              {entry("Move down", () => actions.move(track.id, 1), close, "Alt Down")}
              {!folded && entry("Taller", () => actions.resize(placed, 1.4), close)}
              {!folded && entry("Lower", () => actions.resize(placed, 1 / 1.4), close)}
              <hr />
              {entry(
                "Export SVG",
                () => download(fileName(track.title, "svg"), figureSvg(actions.figure(track), palette, track.title), "image/svg+xml"),
                close,
              )}
              {entry(
                "Export PNG",
                () => void figurePng(actions.figure(track), palette).then((blob) => download(fileName(track.title, "png"), blob)),
                close,
              )}
              {entry("Export CSV", () => download(fileName(track.title, "csv"), toCsv(actions.table(track)), "text/csv"), close)}
              {entry("Show as a table", () => actions.show(actions.table(track)), close)}
              {track.decisions && (
                <>
                  <hr />
                  {entry("Decisions as a table", () => actions.decisions(false), close)}
                  {entry("Decisions as CSV", () => actions.decisions(true), close)}
                </>
              )}
            </>
          )}
        </PopoverButton>
        {layout.phone && !folded && <span className="track-unit">{track.unit.join(" ")}</span>}
      </div>
    );
  });
});

interface PlotsProps {
  readonly picture: RunPicture;
  readonly layout: TrackLayout;
  /** Seconds that one arrow key moves. */
  readonly step: number;
  readonly onZoom: (factor: number) => void;
  /** Shows the decision of this number; -1: none. */
  readonly onDecision: (decision: number) => void;
}

/** One tab stop for all plots; up and down walk between tracks, left and right move the cursor, Page Up and Page Down go to decisions. */
export function TrackPlots({ picture, layout, step, onZoom, onDecision }: PlotsProps): ReactNode {
  const cursor = useViewStore((state) => state.cursor);
  const root = useRef<HTMLDivElement>(null);
  const { time, live } = momentOf(picture, cursor);
  const edge = picture.progress.simTime;
  const open = layout.tracks.filter((placed) => !placed.folded);
  const key = (event: KeyboardEvent, index: number): void => {
    const view = useViewStore.getState();
    const by = step * (event.shiftKey ? 10 : 1);
    const marks = open[index]?.track.decisions ?? [];
    const go = (t: number): void => {
      const to = Math.max(0, Math.min(edge, t));
      view.pinCursor(to);
      // What the cursor has come upon, as with the pointer.
      onDecision(marks.find((mark) => Math.abs(mark.at - to) <= step / 2)?.decision ?? -1);
    };
    const goTo = (mark: DecisionMark | undefined): void => {
      if (mark === undefined) return;
      view.pinCursor(mark.at);
      onDecision(mark.decision);
    };
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "ArrowLeft") go((Math.ceil(time / step - 1e-6) - (event.shiftKey ? 10 : 1)) * step);
    else if (event.key === "ArrowRight") go((Math.floor(time / step + 1e-6) + 1) * step + by - step);
    else if (event.key === "Home") go(0);
    else if (event.key === "PageDown" && marks.length > 0) goTo(marks.find((mark) => mark.at > time + 1e-6));
    else if (event.key === "PageUp" && marks.length > 0) goTo(marks.findLast((mark) => mark.at < time - 1e-6));
    else if (event.key === "End" || event.key === "Escape") {
      view.followLive();
      onDecision(-1);
    } else if (event.key === "Enter" || event.key === " ") go(time);
    else if (event.key === "+" || event.key === "=") onZoom(0.5);
    else if (event.key === "-") onZoom(2);
    else if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      const to = Math.max(0, Math.min(open.length - 1, index + (event.key === "ArrowUp" ? -1 : 1)));
      root.current?.querySelectorAll<HTMLElement>("[role=slider]")[to]?.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div ref={root} className="track-plots">
      {open.map((placed, i) => {
        const { track } = placed;
        const values = track.labelsAt(time).map((label) => `${label.label} ${label.value}`);
        return (
          <div
            key={track.id}
            role="slider"
            tabIndex={i === 0 ? 0 : -1}
            className="chart-focus"
            aria-label={`${track.title}, ${track.unit.join(" ")}, ${clock(layout.domain[0])} to ${clock(layout.domain[1])}${track.decisions ? `, ${counted(track.decisions.length, "decision")}: Page Down and Page Up go through them` : ""}`}
            aria-valuemin={0}
            aria-valuemax={Math.max(1, Math.round(edge))}
            aria-valuenow={Math.round(time)}
            aria-valuetext={`${clock(time)}${live ? ", the end" : ""}${values.length ? `: ${values.join(", ")}` : ""}`}
            onKeyDown={(event) => key(event, i)}
            onBlur={() => track.decisions && onDecision(-1)}
            style={{ left: layout.left, top: placed.plotTop, width: layout.plot, height: placed.plotHeight }}
          />
        );
      })}
    </div>
  );
}
