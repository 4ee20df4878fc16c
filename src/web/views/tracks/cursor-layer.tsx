// What moves with the cursor: its line and clock, the live edge, values beside each track, the brushed range. The canvas below is not touched.
import { useMemo, useState, type ReactNode } from "react";
import type { RunPicture } from "../../rpc/protocol.ts";
import { useViewStore } from "../../state/view-store.ts";
import { placeLabels } from "../../ui/chart/labels.ts";
import type { Palette } from "../../ui/chart/palette.ts";
import { Tooltip } from "../../ui/chart/tooltip.tsx";
import { clock, integer, percent } from "../../ui/format.ts";
import { ReplicaState } from "../../../engine/contracts.ts";
import { momentOf, rowOf, sampleAt } from "../moment.ts";
import { STATE_WORDS } from "../fleet/select.ts";
import { hasProfile } from "./draw.ts";
import type { PlacedTrack, TrackLayout } from "./layout.ts";
import { replicaIn } from "./heat.ts";
import { HeatCode, type HeatModel } from "./model.ts";
import { timeTicks } from "./ticks.ts";

interface Props {
  readonly picture: RunPicture;
  readonly layout: TrackLayout;
  readonly palette: Palette;
  /** The run still goes on: its edge is marked. */
  readonly running: boolean;
  readonly brush: readonly [number, number] | null;
  /** Pointer over the heat map: its row, or -1. */
  readonly heatRow: number;
}

/** Middle of the direct labels' value column. */
const valueX = (layout: TrackLayout): number => layout.width - (layout.phone ? 4 : 10);

export function CursorLayer({ picture, layout, palette, running, brush, heatRow }: Props): ReactNode {
  const cursor = useViewStore((state) => state.cursor);
  const pinned = useViewStore((state) => state.cursorPinned);
  const range = useViewStore((state) => state.range);
  const selected = useViewStore((state) => state.selectedReplica);
  const { color } = palette;
  const { time } = momentOf(picture, cursor);
  const edge = picture.progress.simTime;
  const inside = (t: number): boolean => t >= layout.domain[0] && t <= layout.domain[1] + 1e-9;
  const at = layout.x(time);
  const edgeX = layout.x(edge);
  const marked = brush ?? range;
  const decimals = layout.domain[1] - layout.domain[0] < 10 ? 1 : 0;
  const pill = decimals ? 46 : time >= 6000 ? 46 : 38;
  const heat = layout.tracks.find((placed) => placed.track.heat && !placed.folded);
  return (
    <>
      <svg className="chart-layer" width={layout.width} height={layout.height} aria-hidden="true">
        {marked && <RangeMark layout={layout} range={marked} color={color} />}
        {running && inside(edge) && (
          <>
            <line x1={edgeX} x2={edgeX} y1={15} y2={layout.height} stroke={color("line-strong")} />
            <text x={edgeX} y={10} textAnchor="middle" fill={color("ink-2")} className="halo">
              live
            </text>
          </>
        )}
        {layout.tracks.map((placed) => (
          <Labels key={placed.track.id} placed={placed} layout={layout} time={time} color={color} />
        ))}
        {heat?.track.heat && hasProfile(heat.track.heat) && (
          <Profile heat={heat.track.heat} placed={heat} layout={layout} time={time} color={color} />
        )}
        {heat?.track.heat && selected !== null && (
          <RowMark
            heat={heat.track.heat}
            placed={heat}
            layout={layout}
            replica={selected}
            name={picture.fleet.replicas[selected]?.name ?? ""}
            end={Math.min(edgeX, layout.left + layout.plot)}
            color={color}
          />
        )}
        {cursor !== null && inside(time) && (
          <>
            <line x1={at} x2={at} y1={13} y2={layout.height} stroke={color("ink")} strokeWidth={pinned ? 1.6 : 1} />
            {covered(layout, at, pill).map((x) => (
              <rect key={x} x={x - TICK / 2} y={0} width={TICK} height={14} fill={color("paper")} />
            ))}
            <rect x={at - pill / 2} y={0} width={pill} height={14} rx={2} fill={color("ink")} />
            <text x={at} y={10.5} textAnchor="middle" fill={color("on-ink")} style={{ fontWeight: 600 }}>
              {clock(time, decimals)}
            </text>
          </>
        )}
      </svg>
      {heat?.track.heat && heatRow >= 0 && cursor !== null && (
        <HeatTip picture={picture} heat={heat.track.heat} placed={heat} layout={layout} row={heatRow} time={time} />
      )}
    </>
  );
}

/** Width of a clock time on the axis. */
const TICK = 32;

/** Ticks that the cursor's clock stands on: half a time beside it would read as another one. */
const covered = (layout: TrackLayout, at: number, pill: number): number[] =>
  timeTicks(layout.domain[0], layout.domain[1], layout.plot, layout.phone ? 70 : 84)
    .map(layout.x)
    .filter((x) => Math.abs(x - at) < (pill + TICK) / 2);

type Colors = { readonly color: (token: string) => string };

function RangeMark({ layout, range, color }: Colors & { layout: TrackLayout; range: readonly [number, number] }): ReactNode {
  const clamp = (t: number): number => layout.x(Math.max(layout.domain[0], Math.min(layout.domain[1], t)));
  const [from, to] = [clamp(range[0]), clamp(range[1])];
  if (to <= from) return null;
  return (
    <>
      <rect x={from} width={to - from} y={15} height={layout.height - 15} fill={color("ink")} opacity={0.06} />
      <path d={`M${from} 15V${layout.height}M${to} 15V${layout.height}`} stroke={color("ink-3")} strokeDasharray="1 2" />
      <path d={`M${from} 16.5H${to}`} stroke={color("ink")} strokeWidth={2} />
    </>
  );
}

function Labels({ placed, layout, time, color }: Colors & { placed: PlacedTrack; layout: TrackLayout; time: number }): ReactNode {
  const labels = placed.track.labelsAt(time);
  if (labels.length === 0) return null;
  const x = layout.left + layout.plot + 7;
  if (placed.folded) {
    // A folded track keeps its values, in one line.
    const line = labels.map((label) => `${label.label} ${label.value}`).join(", ");
    return (
      <text x={valueX(layout)} y={placed.top + 13} textAnchor="end" fill={color("ink-2")} className="halo">
        {line}
      </text>
    );
  }
  const bottom = placed.plotTop + placed.plotHeight;
  const room = layout.right - (layout.phone ? 12 : 20);
  return placeLabels(
    labels.map((label) => ({ y: placed.y(label.at), label: label.label, value: label.value, color: label.color })),
    placed.plotTop + 3,
    bottom - 3,
  ).map(({ at, label, value, color: token }) => {
    // Half pixels: a label that hardly moves stays where it is.
    const y = Math.round(at * 2) / 2 + 3.5;
    const letters = Math.max(3, Math.floor((room - (value?.length ?? 0) * 5.9 - 3) / 5.5));
    return (
      <g key={label}>
        <text x={x} y={y} fill={color(token)} style={{ fontWeight: 500 }}>
          {label.length > letters ? `${label.slice(0, letters - 1)}\u2026` : label}
        </text>
        <text x={valueX(layout)} y={y} textAnchor="end" fill={color("ink")} style={{ fontWeight: 500 }}>
          {value}
        </text>
      </g>
    );
  });
}

/** Load of each replica at the cursor, beside a heat map of many rows; the dotted line is the end of the ramp. */
function Profile({
  heat,
  placed,
  layout,
  time,
  color,
}: Colors & { heat: HeatModel; placed: PlacedTrack; layout: TrackLayout; time: number }): ReactNode {
  const sample = Math.max(0, Math.min(heat.length - 1, Math.floor(time / heat.dt + 1e-9)));
  const paths = useMemo(() => {
    const rowHeight = placed.plotHeight / heat.rows.length;
    const width = layout.right - 20;
    const x = layout.left + layout.plot + 10;
    let calm = "";
    let queued = "";
    for (let row = 0; row < heat.rows.length; row++) {
      const i = row * heat.length + sample;
      const code = heat.code[i];
      if (code !== HeatCode.load && code !== HeatCode.waiting && code !== HeatCode.draining) continue;
      const bar = `M${x} ${(placed.plotTop + (row + 0.45) * rowHeight).toFixed(2)}h${(Math.min(1.15, (heat.load[i] as number) / heat.top) * width * 0.86).toFixed(2)}`;
      if (code === HeatCode.waiting) queued += bar;
      else calm += bar;
    }
    return { calm, queued, thick: rowHeight * 0.8, end: x + width * 0.86 };
  }, [heat, placed, layout, sample]);
  return (
    <>
      <text x={layout.left + layout.plot + 10} y={placed.plotTop - 4} fill={color("ink-2")}>
        load at the cursor
      </text>
      <path d={paths.calm} stroke={color("ghost")} strokeWidth={paths.thick} opacity={0.6} />
      <path d={paths.queued} stroke={color("waiting")} strokeWidth={paths.thick} />
      <path d={`M${paths.end} ${placed.plotTop}v${placed.plotHeight}`} stroke={color("ink")} strokeDasharray="2 3" />
      <text x={paths.end} y={placed.plotTop + placed.plotHeight + 10} textAnchor="middle" fill={color("ink-3")}>
        {integer(heat.top)}
      </text>
    </>
  );
}

function RowMark({
  heat,
  placed,
  layout,
  replica,
  name,
  end,
  color,
}: Colors & { heat: HeatModel; placed: PlacedTrack; layout: TrackLayout; replica: number; name: string; end: number }): ReactNode {
  const row = heat.rows.findIndex(({ stays }) => stays.some((stay) => stay.replica === replica));
  const stay = heat.rows[row]?.stays.find((one) => one.replica === replica);
  if (stay === undefined) return null;
  const clamp = (sample: number): number => Math.max(layout.left, Math.min(end, layout.x(sample * heat.dt)));
  const from = clamp(stay.from);
  const to = clamp(stay.to);
  const height = placed.plotHeight / heat.rows.length;
  const y = placed.plotTop + row * height;
  // Beside the row while there is room in the plot, else on it.
  const beside = to + 24 < layout.left + layout.plot;
  return (
    <>
      <rect
        x={from - 1}
        y={y - 1}
        width={Math.max(2, to - from + 2)}
        height={Math.max(2, height + 1)}
        fill="none"
        stroke={color("ink")}
        strokeWidth={1.2}
      />
      <text
        x={beside ? to + 5 : to - 4}
        y={y + height / 2 + 3.5}
        textAnchor={beside ? "start" : "end"}
        fill={color("ink")}
        className="halo"
        style={{ fontWeight: 550 }}
      >
        {name}
      </text>
    </>
  );
}

function HeatTip({
  picture,
  heat,
  placed,
  layout,
  row,
  time,
}: {
  picture: RunPicture;
  heat: HeatModel;
  placed: PlacedTrack;
  layout: TrackLayout;
  row: number;
  time: number;
}): ReactNode {
  const entry = heat.rows[row];
  const sample = sampleAt(picture.fleet, time);
  const replica = entry && picture.fleet.replicas[replicaIn(entry, sample)];
  if (!entry || !replica) return null;
  const at = rowOf(replica, sample);
  const state = at < 0 ? ReplicaState.gone : (replica.state[at] as ReplicaState);
  const busy = state === ReplicaState.ready || state === ReplicaState.draining;
  const running = (replica.decoding[at] ?? 0) + (replica.prefilling[at] ?? 0);
  const height = placed.plotHeight / heat.rows.length;
  return (
    <Tooltip
      name={replica.name}
      state={`${STATE_WORDS[state]} at ${clock(time)}`}
      rows={
        busy
          ? [
              ["running", `${integer(running)} of ${integer(picture.fleet.pools[entry.pool]?.batchCap ?? 0)}`],
              ["waiting", integer(replica.waiting[at] ?? 0)],
              ["KV cache", percent((replica.kvUsedBlocks[at] ?? 0) / Math.max(1, replica.kvBlocks), 0)],
            ]
          : []
      }
      x={layout.x(time)}
      y={placed.plotTop + (row + 0.5) * height}
      clearX={12}
      boundsWidth={layout.left + layout.plot}
    />
  );
}

/** Which row of the heat map is under a pixel, or -1. */
export function heatRowAt(layout: TrackLayout, x: number, y: number): number {
  const placed = layout.tracks.find((one) => one.track.heat && !one.folded);
  if (
    !placed?.track.heat ||
    x < layout.left ||
    x > layout.left + layout.plot ||
    y < placed.plotTop ||
    y >= placed.plotTop + placed.plotHeight
  )
    return -1;
  return Math.floor(((y - placed.plotTop) / placed.plotHeight) * placed.track.heat.rows.length);
}

/** Keeps the row under the pointer as state, without a render when it stays the same. */
export function useHeatRow(): readonly [number, (row: number) => void] {
  return useState(-1);
}
