// What a track is once selected from a run: plain data that layout, drawing, labels and tables share.
import type { TableColumn } from "../../ui/chart/table-data.ts";
import type { Slot } from "../slots.ts";

export const TRACK_IDS = ["traffic", "replicas", "cost", "load", "replica", "waiting", "kv", "ttft", "tpot", "tenants"] as const;
/** Further pools have tracks of replicas of their own. */
export type TrackId = (typeof TRACK_IDS)[number] | `replicas-${number}`;

/** Values at t0, t0 + dt, ... */
export interface Column {
  readonly t0: number;
  readonly dt: number;
  readonly values: ArrayLike<number>;
  readonly length: number;
}

export type Mark =
  | {
      readonly kind: "line";
      readonly column: Column;
      readonly color: string;
      readonly width: number;
      readonly dash?: readonly number[];
      readonly step?: boolean;
    }
  | {
      readonly kind: "area";
      readonly column: Column;
      /** Lower edge; 0 when absent. */
      readonly base?: ArrayLike<number>;
      readonly color: string;
      readonly alpha?: number;
      readonly hatch?: boolean;
      readonly step?: boolean;
    }
  /** P50, P90, P99: blue below the limit, vermillion above it. */
  | { readonly kind: "bands"; readonly p50: Column; readonly p90: Column; readonly p99: Column };

export interface TrackLabel {
  readonly label: string;
  /** Where on the y scale the label would like to stand. */
  readonly at: number;
  readonly value: string;
  readonly color: string;
}

export interface EventNote {
  readonly at: number;
  readonly text: string;
}

/** An autoscaler asked for a change. */
export interface DecisionMark {
  readonly at: number;
  /** Index in RunPicture.decisions. */
  readonly decision: number;
  readonly up: boolean;
  /** False where the limits of the pool left nothing of it. */
  readonly ordered: boolean;
}

export interface HeatRow extends Slot {
  readonly name: string;
}

export interface HeatModel {
  /** Places of the fleet, by pool. */
  readonly rows: readonly HeatRow[];
  readonly pools: readonly { readonly name: string; readonly from: number; readonly to: number }[];
  readonly dt: number;
  readonly length: number;
  /** Per row and sample (row-major): outstanding requests, and a code of HeatCode. */
  readonly load: Float32Array;
  readonly code: Uint8Array;
  /** Codes that occur, as bits. */
  readonly seen: number;
  /** Load at the end of the ramp. */
  readonly top: number;
}

export const HeatCode = { none: 0, load: 1, waiting: 2, starting: 3, failed: 4, draining: 5 } as const;

export interface TrackModel {
  readonly id: TrackId;
  readonly title: string;
  /** Lines under the title. */
  readonly unit: readonly string[];
  readonly height: number;
  readonly domain: readonly [number, number];
  readonly log?: boolean;
  readonly ticks: readonly { readonly value: number; readonly text: string }[];
  readonly marks: readonly Mark[];
  readonly limit?: { readonly value: number; readonly text: string };
  readonly notes?: readonly EventNote[];
  readonly decisions?: readonly DecisionMark[];
  readonly heat?: HeatModel;
  labelsAt(time: number): readonly TrackLabel[];
  /** Columns for CSV and table: value at a bucket. */
  readonly columns: readonly TableColumn[];
}

/** Value of a column at a time: the entry whose interval [t, t + dt) holds it; NaN outside. `centred` columns start half a step earlier. */
export function valueAt(column: Column, time: number, centred = false): number {
  const index = Math.floor((time - column.t0) / column.dt + (centred ? 0.5 : 0) + 1e-9);
  if (column.length === 0) return NaN;
  // The live edge and the unfinished bucket speak with the last finished one.
  const clamped = index >= column.length ? (index <= column.length + 1 ? column.length - 1 : -1) : index;
  return clamped < 0 ? NaN : (column.values[clamped] as number);
}
