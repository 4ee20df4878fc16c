// Where tracks stand: order, folding, heights, and the two scales. Pure geometry.
import { scaleLinear, scaleLog } from "d3-scale";
import type { TrackId, TrackModel } from "./model.ts";

export interface PlacedTrack {
  readonly track: TrackModel;
  readonly folded: boolean;
  /** Top of the block (title line on phones), and of the plot; height of the plot. */
  readonly top: number;
  readonly plotTop: number;
  readonly plotHeight: number;
  /** End of the block: the next one starts below it. */
  readonly bottom: number;
  readonly y: (value: number) => number;
}

export interface TrackLayout {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly plot: number;
  readonly phone: boolean;
  readonly domain: readonly [number, number];
  readonly x: (time: number) => number;
  readonly time: (x: number) => number;
  readonly tracks: readonly PlacedTrack[];
}

export const AXIS = 15;
const GAP = 10;
/** Titles are buttons: 24 px apart, so that a finger meets one of them. */
const FOLDED = 24;
/** On phones a folded track is a line for fingers. */
const FOLDED_PHONE = 32;
/** Folded from the start: for these the list of folded tracks means the opposite. */
const START_FOLDED: readonly TrackId[] = ["replica"];
const START_FOLDED_PHONE: readonly TrackId[] = ["replica", "cost", "kv"];

export interface LayoutOptions {
  readonly width: number;
  readonly phone: boolean;
  readonly domain: readonly [number, number];
  readonly order: readonly string[];
  readonly folded: readonly string[];
  readonly heights: Readonly<Record<string, number>>;
  /** Factor on the heights that the person has not set: tracks use a tall window. */
  readonly stretch?: number;
}

/** No track grows by more than this. */
const MOST_STRETCH = 1.35;

/** Factor by which tracks of this natural height fill the room; 1 when they do not fit. */
export const stretchFor = (natural: number, room: number): number =>
  Math.max(1, Math.min(MOST_STRETCH, (room - AXIS) / Math.max(1, natural - AXIS)));

/** Known ids first in the person's order, the others after them in their own. */
export function orderTracks(tracks: readonly TrackModel[], order: readonly string[]): TrackModel[] {
  const rank = (track: TrackModel, index: number): number => {
    const at = order.indexOf(track.id);
    return at < 0 ? order.length + index : at;
  };
  return tracks
    .map((track, index) => ({ track, rank: rank(track, index) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ track }) => track);
}

export const isFolded = (id: TrackId, folded: readonly string[], phone: boolean): boolean =>
  folded.includes(id) !== (phone ? START_FOLDED_PHONE : START_FOLDED).includes(id);

export function layoutTracks(tracks: readonly TrackModel[], options: LayoutOptions): TrackLayout {
  const { width, phone, domain } = options;
  const left = phone ? 36 : 136;
  const right = phone ? 90 : 108;
  const plot = Math.max(40, width - left - right);
  const time = scaleLinear([domain[0], domain[1]], [left, left + plot]);
  let at = AXIS;
  const placed = orderTracks(tracks, options.order).map((track): PlacedTrack => {
    const folded = isFolded(track.id, options.folded, phone);
    const own = phone ? Math.max(26, Math.round(track.height * (track.id === "load" ? 0.82 : 0.9))) : track.height;
    const wished = options.heights[track.id] ?? Math.round(own * (options.stretch ?? 1));
    const plotHeight = folded ? 0 : wished;
    const top = at;
    const plotTop = at + (phone ? 16 : 0) + 4;
    const bottom = folded ? top + (phone ? FOLDED_PHONE : FOLDED) : plotTop - 4 + plotHeight + GAP;
    at = bottom;
    const low = track.domain[0];
    const high = track.domain[1] > low ? track.domain[1] : low + 1;
    const scale = track.log
      ? scaleLog([Math.max(1e-6, low), high], [plotTop + plotHeight, plotTop]).clamp(true)
      : scaleLinear([low, high], [plotTop + plotHeight, plotTop]).clamp(true);
    return {
      track,
      folded,
      top,
      plotTop,
      plotHeight,
      bottom,
      y: (value) => (track.log && value <= 0 ? plotTop + plotHeight : Number.isFinite(value) ? scale(value) : NaN),
    };
  });
  return { width, height: at, left, right, plot, phone, domain, x: time, time: (x) => time.invert(x), tracks: placed };
}

/** Moves a track up or down among all tracks; the answer is the new order. */
export function moveTrack(tracks: readonly TrackModel[], order: readonly string[], id: string, by: number): string[] {
  const ids: string[] = orderTracks(tracks, order).map((track) => track.id);
  const from = ids.indexOf(id);
  const to = Math.max(0, Math.min(ids.length - 1, from + by));
  if (from < 0) return ids;
  ids.splice(to, 0, ...ids.splice(from, 1));
  return ids;
}

/** Zooms [from, to] inside the whole by a factor around a time; null when it is the whole again. */
export function zoomed(
  domain: readonly [number, number],
  whole: number,
  around: number,
  factor: number,
  least: number,
): readonly [number, number] | null {
  const span = Math.max(least, (domain[1] - domain[0]) * factor);
  if (span >= whole) return null;
  const share = (around - domain[0]) / (domain[1] - domain[0]);
  const from = Math.max(0, Math.min(whole - span, around - share * span));
  return [from, from + span];
}

export function panned(domain: readonly [number, number], whole: number, by: number): readonly [number, number] {
  const span = domain[1] - domain[0];
  const from = Math.max(0, Math.min(whole - span, domain[0] + by));
  return [from, from + span];
}
