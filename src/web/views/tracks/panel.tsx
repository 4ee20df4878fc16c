// The run over time: one shared axis, one cursor through all tracks. Drag brushes a range, Ctrl and wheel zoom, titles fold and move tracks.
import { useCallback, useEffect, useMemo, useRef, useState, type PointerEvent, type ReactNode, type RefObject } from "react";
import type { Scenario } from "../../../scenario/types.ts";
import { useDrawsStore } from "../../state/draws-store.ts";
import { useRunStore } from "../../state/run-store.ts";
import { useRunData } from "../use-run-data.ts";
import { useViewStore } from "../../state/view-store.ts";
import type { Figure } from "../../ui/chart/figure.ts";
import { FigureView } from "../../ui/chart/figure-view.tsx";
import { usePalette } from "../../ui/chart/palette.ts";
import { SectionHead } from "../../ui/chart/section-head.tsx";
import { download, fileName } from "../../ui/chart/download.ts";
import { toCsv, type TableData } from "../../ui/chart/table-data.ts";
import { TableDialog } from "../../ui/chart/table-dialog.tsx";
import { PHONE_WIDTH, useWidth } from "../../ui/chart/use-size.ts";
import { fetched } from "../../ui/fetched.tsx";
import { clock, counted, percent, trimmed, withUnit } from "../../ui/format.ts";
import { limitsOf, momentOf, tenantNames } from "../moment.ts";
import { CursorLayer, heatRowAt, useHeatRow } from "./cursor-layer.tsx";
import { decisionAt, drawTracks, trackTexts } from "./draw.ts";
import { replicaIn } from "./heat.ts";
import { layoutTracks, moveTrack, panned, stretchFor, zoomed, type PlacedTrack, type TrackLayout } from "./layout.ts";
import type { TrackModel } from "./model.ts";
import { selectTracks, timeSpan, tracksTable } from "./select.ts";
import { TrackPlots, TrackTitles, type TrackActions } from "./track-controls.tsx";
import "./tracks.css";

const DecisionTip = fetched(async () => (await import("./decision-tip.tsx")).DecisionTip);

/** An autoscaler may change one of the pools: their replicas are then told apart. */
const isScaled = (scenario: Scenario | null): boolean => scenario?.pools.some((pool) => pool.autoscaling.id !== "fixed") ?? false;

/** Pixels that the pointer must travel before a press is a brush and not a click. */
const BRUSH_START = 4;
/** A finger meets a decision within this many pixels. */
const TOUCH_REACH = 16;

export function TracksPanel(): ReactNode {
  const { picture, ghost, revision } = useRunData();
  const scenario = useRunStore((state) => state.current.scenario);
  const phase = useRunStore((state) => state.current.phase);
  const overlay = useDrawsStore((state) => (state.scenario === scenario ? state.overlay : null));
  const ghostLabel = useRunStore((state) => state.ghostLabel);
  const catchUp = useRunStore((state) => state.current.catchUp);
  const zoom = useViewStore((state) => state.zoom);
  const order = useViewStore((state) => state.trackOrder);
  const folded = useViewStore((state) => state.foldedTracks);
  const heights = useViewStore((state) => state.trackHeights);
  const tenant = useViewStore((state) => state.selectedTenant);
  const replica = useViewStore((state) => state.selectedReplica);
  const palette = usePalette();
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const phone = width > 0 && width < PHONE_WIDTH - 180;
  const [brush, setBrush] = useState<readonly [number, number] | null>(null);
  const [heatRow, setHeatRow] = useHeatRow();
  const [decision, setDecision] = useState(-1);
  const [shownTable, setShownTable] = useState<TableData | null>(null);

  const tracks = useMemo(() => {
    if (!picture) return null;
    const selected = selectTracks(picture, ghost, {
      limits: limitsOf(scenario),
      tenants: tenantNames(picture, scenario),
      selectedTenant: tenant,
      selectedReplica: replica,
      poolsApart: isScaled(scenario) && picture.fleet.pools.length > 1,
    });
    return overlay === null ? selected : selected.map(overlay);
  }, [picture, ghost, revision, scenario, tenant, replica, overlay]);
  const whole = picture ? timeSpan(picture, ghost) : 1;
  const room = useRoom(box, width > 0 && picture !== null);
  const layout = useMemo(() => {
    if (!tracks || width === 0) return null;
    const options = { width, phone, domain: zoom ?? ([0, whole] as const), order, folded, heights };
    const natural = layoutTracks(tracks, options);
    const stretch = phone ? 1 : stretchFor(natural.height, room);
    return stretch > 1 ? layoutTracks(tracks, { ...options, stretch }) : natural;
  }, [tracks, width, phone, zoom, whole, order, folded, heights, room]);
  const running = (phase === "running" || phase === "paused") && picture?.progress.phase !== "finished";
  const live = running && picture ? picture.progress.simTime : null;
  const figure = useMemo((): Figure | null => {
    if (!layout) return null;
    return {
      width: layout.width,
      height: layout.height,
      draw: (surface) => drawTracks(surface, layout, palette.ramp),
      texts: trackTexts(layout, { titles: false, live }),
    };
  }, [layout, palette, live]);

  const latest = useRef({ layout, tracks, picture, whole, phone, live });
  latest.current = { layout, tracks, picture, whole, phone, live };

  const zoomBy = useCallback((factor: number, around?: number) => {
    const { layout: now, picture: run, whole: all } = latest.current;
    if (!now || !run) return;
    const view = useViewStore.getState();
    const centre = around ?? momentOf(run, view.cursor).time;
    view.setZoom(zoomed(now.domain, all, centre, factor, run.series.bucketSeconds * 4));
  }, []);

  // The wheel listener must be able to keep the page from zooming, which React's passive one cannot.
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const wheel = (event: WheelEvent): void => {
      const { layout: now, whole: all } = latest.current;
      if (!now) return;
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault();
        const x = event.clientX - element.getBoundingClientRect().left;
        zoomBy(Math.exp(Math.max(-60, Math.min(60, event.deltaY)) * 0.01), now.time(Math.max(now.left, Math.min(now.left + now.plot, x))));
      } else if (useViewStore.getState().zoom && Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        event.preventDefault();
        useViewStore.getState().setZoom(panned(now.domain, all, (event.deltaX / now.plot) * (now.domain[1] - now.domain[0])));
      }
    };
    element.addEventListener("wheel", wheel, { passive: false });
    return () => element.removeEventListener("wheel", wheel);
  }, [zoomBy]);

  const actions = useMemo((): TrackActions => {
    const alone = (track: TrackModel): Figure => {
      const { layout: now, phone: small } = latest.current;
      const view = useViewStore.getState();
      const one = layoutTracks([track], {
        width: now?.width ?? 800,
        phone: small,
        domain: now?.domain ?? [0, 1],
        order: [],
        folded: [],
        heights: view.trackHeights,
      });
      return tracksFigure(one, palette.ramp, latest.current.picture, latest.current.live);
    };
    return {
      fold: (id) => useViewStore.getState().toggleTrack(id),
      move: (id, by) => {
        const view = useViewStore.getState();
        const { tracks: now } = latest.current;
        if (now) view.setView({ trackOrder: moveTrack(now, view.trackOrder, id, by) });
      },
      resize: (placed: PlacedTrack, factor) => {
        const view = useViewStore.getState();
        const height = Math.round(Math.max(24, Math.min(480, placed.plotHeight * factor)));
        view.setView({ trackHeights: { ...view.trackHeights, [placed.track.id]: height } });
      },
      figure: alone,
      table: (track) => {
        const { picture: run } = latest.current;
        return run ? tracksTable(run, [track], track.title) : { title: track.title, length: 0, columns: [] };
      },
      show: setShownTable,
      decisions: (asCsv) => {
        const { picture: run } = latest.current;
        if (run === null) return;
        void import("./scaling.ts").then(({ decisionTable }) => {
          const table = decisionTable(run);
          if (asCsv) download(fileName(table.title, "csv"), toCsv(table), "text/csv");
          else setShownTable(table);
        });
      },
    };
  }, [palette]);

  const pointer = usePointer(latest, setBrush, setHeatRow, setDecision);
  const marked = layout?.tracks.find((placed) => !placed.folded && placed.track.decisions?.some((mark) => mark.decision === decision));
  const decisions = picture?.decisions.length ?? 0;
  const bucket = picture ? picture.series.bucketSeconds : 0;
  return (
    <section className="panel tracks-panel" aria-label="Time">
      <SectionHead
        title="Time"
        phrase={
          phone || !picture
            ? undefined
            : catchUp !== null
              ? `running, ${percent(catchUp, 0)} of the way`
              : `${withUnit(trimmed(bucket), "s")} buckets${zoom ? `, ${clock(zoom[0])} to ${clock(zoom[1])}` : ""}`
        }
        exports={
          phone || !layout || !picture || !tracks
            ? undefined
            : {
                title: "Time",
                palette,
                figure: () => tracksFigure(layout, palette.ramp, picture, live),
                table: () => tracksTable(picture, tracks, "Time series"),
              }
        }
      >
        {decisions > 0 && (
          <button type="button" className="tool" aria-haspopup="dialog" onClick={() => actions.decisions(false)}>
            {counted(decisions, "decision")}
          </button>
        )}
        {zoom && (
          <button type="button" className="tool" onClick={() => useViewStore.getState().setZoom(null)}>
            Whole run
          </button>
        )}
        {ghost && (
          <span className="ghost-key" title={ghostLabel}>
            <svg width="22" height="8" aria-hidden="true">
              <path d="M0 4h22" stroke={palette.color("ghost")} strokeWidth="1.2" strokeDasharray="3 2" />
            </svg>
            <span>{ghostLabel || "last run"}</span>
          </span>
        )}
      </SectionHead>
      {!picture && <p className="empty">No run yet. Its time axis appears when the first one starts.</p>}
      <div ref={box} className="tracks-box" style={{ height: layout?.height ?? 300 }} {...pointer}>
        {figure && layout && picture && (
          <>
            <FigureView figure={figure} palette={palette} />
            <TrackPlots picture={picture} layout={layout} step={bucket} onZoom={zoomBy} onDecision={setDecision} />
            <CursorLayer picture={picture} layout={layout} palette={palette} running={running} brush={brush} heatRow={heatRow} />
            {marked && <DecisionTip picture={picture} scenario={scenario} layout={layout} placed={marked} decision={decision} />}
            <TrackTitles layout={layout} actions={actions} palette={palette} />
          </>
        )}
      </div>
      {shownTable && <TableDialog table={shownTable} onClose={() => setShownTable(null)} />}
    </section>
  );
}

/** The tracks with titles, and values at the cursor as in the page: what the exports contain. */
function tracksFigure(layout: TrackLayout, ramp: Uint32Array, picture: Parameters<typeof momentOf>[0] | null, live: number | null): Figure {
  const texts = trackTexts(layout, { titles: true, live });
  if (picture) {
    const { time } = momentOf(picture, useViewStore.getState().cursor);
    for (const placed of layout.tracks) {
      if (placed.folded) continue;
      placed.track.labelsAt(time).forEach((label, i) => {
        const y = placed.plotTop + 9 + i * 12.5;
        texts.push({ x: layout.left + layout.plot + 7, y, text: label.label, color: label.color, weight: 500 });
        texts.push({ x: layout.width - 10, y, text: label.value, anchor: "end", color: "ink", weight: 500 });
      });
    }
  }
  return { width: layout.width, height: layout.height, draw: (surface) => drawTracks(surface, layout, ramp), texts };
}

/** Height from the top of an element to the bottom of the window, with its scrollers at their start. */
function useRoom(ref: RefObject<HTMLElement | null>, ready: boolean): number {
  const [room, setRoom] = useState(0);
  useEffect(() => {
    const element = ref.current;
    if (!element || !ready) return;
    const measure = (): void => {
      // From the slot, which scrolls; the panel in it stands still for a while.
      const panel = element.closest(".panel") ?? element;
      const slot = element.closest(".slot") ?? panel;
      let top = slot.getBoundingClientRect().top + element.getBoundingClientRect().top - panel.getBoundingClientRect().top + window.scrollY;
      for (let parent = element.parentElement; parent; parent = parent.parentElement)
        if (parent !== document.documentElement) top += parent.scrollTop;
      const next = Math.floor(window.innerHeight - top - 10);
      setRoom((before) => (Math.abs(before - next) > 3 ? next : before));
    };
    measure();
    window.addEventListener("resize", measure);
    // What stands above (story, fleet) changes its height with the run.
    const observer = new ResizeObserver(measure);
    for (let above = element.closest(".two")?.previousElementSibling; above; above = above.previousElementSibling) observer.observe(above);
    return () => {
      window.removeEventListener("resize", measure);
      observer.disconnect();
    };
  }, [ref, ready]);
  return room;
}

interface Latest {
  readonly current: { readonly layout: TrackLayout | null; readonly picture: Parameters<typeof momentOf>[0] | null };
}

/** Hover moves the cursor (at most once a frame), a click pins it, a drag brushes a range. */
function usePointer(
  latest: Latest,
  setBrush: (range: readonly [number, number] | null) => void,
  setHeatRow: (row: number) => void,
  setDecision: (decision: number) => void,
) {
  const press = useRef<{ x: number; time: number; moved: boolean } | null>(null);
  const frame = useRef(0);
  const last = useRef<{ x: number; y: number } | null>(null);
  useEffect(() => () => cancelAnimationFrame(frame.current), []);

  const timeAt = (x: number): number | null => {
    const { layout, picture } = latest.current;
    if (!layout || !picture) return null;
    const t = layout.time(Math.max(layout.left, Math.min(layout.left + layout.plot, x)));
    return Math.max(0, Math.min(t, picture.progress.simTime));
  };
  const inPlot = (x: number): boolean => {
    const { layout } = latest.current;
    return layout !== null && x >= layout.left - 1 && x <= layout.left + layout.plot + 1;
  };
  const local = (event: PointerEvent<HTMLElement>): { x: number; y: number } => {
    const rect = event.currentTarget.getBoundingClientRect();
    return { x: event.clientX - rect.left, y: event.clientY - rect.top };
  };
  const flush = (): void => {
    frame.current = 0;
    const at = last.current;
    if (!at) return;
    const view = useViewStore.getState();
    const t = timeAt(at.x);
    if (press.current?.moved && t !== null) {
      setBrush([Math.min(press.current.time, t), Math.max(press.current.time, t)]);
      return;
    }
    view.hover(inPlot(at.x) ? t : null);
    const { layout } = latest.current;
    if (!layout) return;
    setHeatRow(heatRowAt(layout, at.x, at.y));
    setDecision(decisionAt(layout, at.x, at.y)?.decision ?? -1);
  };
  return {
    onPointerMove(event: PointerEvent<HTMLElement>): void {
      last.current = local(event);
      const pressed = press.current;
      if (pressed && !pressed.moved && Math.abs(last.current.x - pressed.x) > BRUSH_START) {
        pressed.moved = true;
        event.currentTarget.setPointerCapture(event.pointerId);
      }
      if (!frame.current) frame.current = requestAnimationFrame(flush);
    },
    onPointerLeave(event: PointerEvent<HTMLElement>): void {
      last.current = null;
      // A finger leaves with every tap: what it has touched stays.
      if (press.current || event.pointerType === "touch") return;
      setDecision(-1);
      useViewStore.getState().hover(null);
      setHeatRow(-1);
    },
    onPointerDown(event: PointerEvent<HTMLElement>): void {
      const { x } = local(event);
      const t = timeAt(x);
      if (event.button !== 0 || !inPlot(x) || t === null || (event.target as Element).closest("button")) return;
      press.current = { x, time: t, moved: false };
    },
    onPointerUp(event: PointerEvent<HTMLElement>): void {
      const pressed = press.current;
      press.current = null;
      if (!pressed) return;
      const { x, y } = local(event);
      const t = timeAt(x);
      const view = useViewStore.getState();
      setBrush(null);
      if (t === null) return;
      if (pressed.moved) {
        const range = [Math.min(pressed.time, t), Math.max(pressed.time, t)] as const;
        if (range[1] > range[0]) view.setRange(range);
        return;
      }
      const { layout } = latest.current;
      const touch = event.pointerType === "touch";
      const mark = layout ? decisionAt(layout, x, y, touch ? TOUCH_REACH : undefined) : null;
      setDecision(mark?.decision ?? -1);
      const heat = layout?.tracks.find((placed) => placed.track.heat)?.track.heat;
      const row = layout ? heat?.rows[heatRowAt(layout, x, y)] : undefined;
      if (heat && row) view.selectReplica(replicaIn(row, Math.floor(t / heat.dt + 1e-9)));
      // A second click on the pinned line lets it go.
      if (view.cursorPinned && view.cursor !== null && layout && Math.abs(layout.x(view.cursor) - x) < 4)
        view.setView({ cursorPinned: false });
      else view.pinCursor(touch && mark ? mark.at : t);
    },
    onPointerCancel(): void {
      press.current = null;
      setBrush(null);
    },
  };
}
