// Tracks from a run: every quantity over one time axis. Pure: columns in, drawable columns out.
import { ReplicaState } from "../../../engine/contracts.ts";
import type { RunPicture } from "../../rpc/protocol.ts";
import { CATEGORY_COLORS, CATEGORY_TEXT } from "../../ui/chart/palette.ts";
import { CATEGORY_DASHES } from "../../ui/chart/strokes.ts";
import type { TableData } from "../../ui/chart/table-data.ts";
import { clock, fixed, integer, significant, withUnit } from "../../ui/format.ts";
import type { Limits } from "../moment.ts";
import { csv, finished, ghostLine, highest, line, numberTicks, rate, sampled } from "./columns.ts";
import { cost, replicaTracks } from "./fleet-tracks.ts";
import { loadTrack } from "./heat.ts";
import { tpot, ttft } from "./latency-tracks.ts";
import { valueAt, type Column, type Mark, type TrackLabel, type TrackModel } from "./model.ts";
import { ticksFromZero } from "./ticks.ts";

export interface TrackOptions {
  readonly limits: Limits;
  readonly tenants: readonly string[];
  readonly selectedTenant: number | null;
  readonly selectedReplica: number | null;
  /** A track of replicas for each pool. */
  readonly poolsApart: boolean;
}

/** Top of an axis: the run itself decides; the ghost may stretch it up to `stretch` times, beyond that it is cut at the edge. */
const topOf = (own: number, ghost: number, least: number, stretch = 2.5): number =>
  Math.max(least, own, Math.min(ghost, Math.max(own, least) * stretch)) * 1.06;

interface QueueAndKv {
  readonly waiting: Column;
  readonly kv: Column;
}

/** A picture never changes once it is here: the ghost's columns are computed once. */
const computed = new WeakMap<RunPicture, QueueAndKv>();

/** Waiting requests (held at the router included) and mean KV share of ready replicas, %. One pass over all replicas. */
function queueAndKv(picture: RunPicture): QueueAndKv {
  const known = computed.get(picture);
  if (known) return known;
  const { fleet } = picture;
  const waiting = new Float64Array(fleet.length);
  const kv = new Float64Array(fleet.length);
  const ready = new Float64Array(fleet.length);
  for (let i = 0; i < fleet.length; i++) waiting[i] = fleet.heldAtRouter[i] ?? 0;
  for (const replica of fleet.replicas) {
    const end = Math.min(replica.state.length, fleet.length - replica.from);
    const scale = 100 / Math.max(1, replica.kvBlocks);
    for (let row = 0; row < end; row++) {
      const i = row + replica.from;
      waiting[i] = (waiting[i] as number) + (replica.waiting[row] as number);
      if (replica.state[row] !== ReplicaState.ready) continue;
      kv[i] = (kv[i] as number) + Math.min(100, (replica.kvUsedBlocks[row] as number) * scale);
      ready[i] = (ready[i] as number) + 1;
    }
  }
  for (let i = 0; i < fleet.length; i++) kv[i] = (ready[i] as number) > 0 ? (kv[i] as number) / (ready[i] as number) : NaN;
  const both = { waiting: sampled(picture, waiting), kv: sampled(picture, kv) };
  computed.set(picture, both);
  return both;
}

function traffic(picture: RunPicture, ghost: RunPicture | null): TrackModel {
  const arriving = rate(picture, picture.series.arrivals);
  const completed = rate(picture, picture.series.completions);
  const refused = rate(picture, picture.series.refusals);
  const other = ghost ? rate(ghost, ghost.series.completions) : null;
  const top = topOf(highest(arriving, completed), highest(other), 1, 1.5);
  const someRefused = highest(refused) > 0;
  const marks: Mark[] = [
    { kind: "area", column: completed, color: "area" },
    ...ghostLine(other),
    line(arriving, "ink", 1.2),
    line(completed, "blue", 1.4),
  ];
  if (someRefused) marks.push(line(refused, "vermillion", 1.2, { dash: [2, 2] }));
  return {
    id: "traffic",
    title: "Traffic",
    unit: ["req/s"],
    height: 56,
    domain: [0, top],
    ticks: numberTicks(ticksFromZero(top, 56)),
    marks,
    labelsAt: (time) => {
      const labels: TrackLabel[] = [
        { label: "completed", at: valueAt(completed, time, true), value: significant(valueAt(completed, time, true)), color: "blue-text" },
        { label: "arriving", at: valueAt(arriving, time, true), value: significant(valueAt(arriving, time, true)), color: "ink" },
      ];
      if (someRefused)
        labels.push({
          label: "refused",
          at: valueAt(refused, time, true),
          value: significant(valueAt(refused, time, true)),
          color: "vermillion-text",
        });
      return labels;
    },
    columns: [csv("Arriving", "req/s", arriving, 1), csv("Completed", "req/s", completed, 1), csv("Refused", "req/s", refused, 1)],
  };
}

/** The selected replica's own track: its batch, and what waits on top of it. */
function replicaTrack(picture: RunPicture, index: number): TrackModel | null {
  const replica = picture.fleet.replicas[index];
  if (!replica) return null;
  const cap = picture.fleet.pools[replica.pool]?.batchCap ?? 0;
  const length = Math.min(replica.state.length, picture.fleet.length - replica.from);
  const at = { t0: replica.from * picture.fleet.sampleSeconds, dt: picture.fleet.sampleSeconds, length };
  const running = new Float64Array(length);
  const all = new Float64Array(length);
  const kv = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    const serves = replica.state[i] === ReplicaState.ready || replica.state[i] === ReplicaState.draining;
    running[i] = serves ? (replica.decoding[i] as number) + (replica.prefilling[i] as number) : NaN;
    all[i] = (running[i] as number) + (replica.waiting[i] as number);
    kv[i] = serves ? ((replica.kvUsedBlocks[i] as number) / Math.max(1, replica.kvBlocks)) * 100 : NaN;
  }
  const batch: Column = { ...at, values: running };
  const total: Column = { ...at, values: all };
  const top = Math.max(cap * 1.1, highest(total) * 1.06, 1);
  return {
    id: "replica",
    title: `Replica ${replica.name}`,
    unit: ["batch and waiting,", "requests"],
    height: 44,
    domain: [0, top],
    ticks: numberTicks(ticksFromZero(top, 44, true), (v) => integer(v)),
    marks: [
      { kind: "area", column: total, base: running, color: "waiting" },
      { kind: "area", column: batch, color: "decode" },
    ],
    ...(cap > 0 ? { limit: { value: cap, text: `cap ${integer(cap)}` } } : {}),
    labelsAt: (time) => {
      const own = valueAt(batch, time);
      if (Number.isNaN(own)) return [{ label: "not serving", at: 0, value: "", color: "ink-2" }];
      return [
        { label: "waiting", at: valueAt(total, time), value: integer(valueAt(total, time) - own), color: "orange-text" },
        { label: "batch", at: own / 2, value: integer(own), color: "blue-text" },
        { label: "KV", at: 0, value: withUnit(fixed(valueAt({ ...at, values: kv }, time), 0), "%"), color: "ink-2" },
      ];
    },
    columns: [
      csv("Batch", "requests", batch, 0),
      csv("Batch and waiting", "requests", total, 0),
      csv("KV used", "%", { ...at, values: kv }, 1),
    ].map((column) => ({
      ...column,
      label: `${replica.name} ${column.label}`,
      // Rows of the table begin with the run, the replica's columns where it does.
      raw: (row) => column.raw(row - replica.from),
      show: (row) => column.show(row - replica.from),
    })),
  };
}

function queue(own: QueueAndKv, ghost: QueueAndKv | null): TrackModel {
  const top = topOf(highest(own.waiting), highest(ghost?.waiting ?? null), 10);
  return {
    id: "waiting",
    title: "Waiting",
    unit: ["requests"],
    height: 40,
    domain: [0, top],
    ticks: numberTicks(ticksFromZero(top, 40, true), (v) => integer(v)),
    marks: [
      { kind: "area", column: own.waiting, color: "waiting" },
      line(own.waiting, "waiting-edge", 1.2),
      ...ghostLine(ghost?.waiting ?? null),
    ],
    labelsAt: (time) => [
      { label: "waiting", at: valueAt(own.waiting, time), value: integer(valueAt(own.waiting, time)), color: "orange-text" },
    ],
    columns: [csv("Waiting", "requests", own.waiting, 0)],
  };
}

function kvCache(own: QueueAndKv, ghost: QueueAndKv | null): TrackModel {
  return {
    id: "kv",
    title: "KV cache",
    unit: ["% of blocks"],
    height: 30,
    domain: [0, 100],
    ticks: numberTicks([0, 100]),
    marks: [...ghostLine(ghost?.kv ?? null), line(own.kv, "ink", 1.2)],
    labelsAt: (time) => [
      { label: "used", at: valueAt(own.kv, time), value: withUnit(fixed(valueAt(own.kv, time), 0), "%"), color: "ink-2" },
    ],
    columns: [csv("KV used", "%", own.kv, 1)],
  };
}

/** Lines that a track can hold and still be told apart; the rest are summed. */
const TENANT_LINES = 4;

function tenants(picture: RunPicture, { tenants: names, selectedTenant }: TrackOptions): TrackModel {
  const totals = picture.series.tenantTokens.map((tokens, index) => ({ index, sum: tokens.reduce((a, b) => a + b, 0) }));
  const many = totals.length > TENANT_LINES;
  const ranked = many ? [...totals].sort((a, b) => b.sum - a.sum || a.index - b.index) : totals;
  const own = (many ? ranked.slice(0, TENANT_LINES - 1) : ranked).sort((a, b) => a.index - b.index);
  const lines = own.map(({ index }, k) => ({
    name: names[index] ?? `tenant ${index + 1}`,
    index,
    column: rate(picture, picture.series.tenantTokens[index] ?? [], 1000),
    color: CATEGORY_COLORS[k % CATEGORY_COLORS.length] as string,
    text: CATEGORY_TEXT[k % CATEGORY_TEXT.length] as string,
    dash: CATEGORY_DASHES[k % CATEGORY_DASHES.length] ?? [],
  }));
  if (many) {
    const rest = ranked.slice(TENANT_LINES - 1);
    const sum = new Float64Array(finished(picture));
    for (const { index } of rest)
      for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + (picture.series.tenantTokens[index]?.[i] ?? 0);
    lines.push({ name: `${rest.length} others`, index: -1, column: rate(picture, sum, 1000), color: "ink-3", text: "ink-2", dash: [8, 3] });
  }
  const top = Math.max(0.1, highest(...lines.map((one) => one.column))) * 1.08;
  return {
    id: "tenants",
    title: "Service per tenant",
    unit: ["thousand tokens/s"],
    height: 44,
    domain: [0, top],
    ticks: numberTicks(ticksFromZero(top, 44)),
    marks: lines.map((one) =>
      line(one.column, one.color, selectedTenant === null ? 1.4 : one.index === selectedTenant ? 1.6 : 1.2, { dash: one.dash }),
    ),
    labelsAt: (time) =>
      lines.map((one) => ({
        label: one.name,
        at: valueAt(one.column, time, true),
        value: significant(valueAt(one.column, time, true)),
        color: one.text,
      })),
    columns: lines.map((one) => csv(one.name, "thousand tokens/s", one.column, 2)),
  };
}

export function selectTracks(picture: RunPicture, ghost: RunPicture | null, options: TrackOptions): TrackModel[] {
  const own = queueAndKv(picture);
  const other = ghost ? queueAndKv(ghost) : null;
  return [
    traffic(picture, ghost),
    ...replicaTracks(picture, ghost, options.poolsApart),
    cost(picture, ghost),
    loadTrack(picture),
    ...(options.selectedReplica === null ? [] : [replicaTrack(picture, options.selectedReplica)].filter((track) => track !== null)),
    queue(own, other),
    kvCache(own, other),
    ttft(picture, ghost, options.limits.ttft),
    tpot(picture, ghost, options.limits.tpot),
    tenants(picture, options),
  ];
}

/** Seconds of the whole axis: the run as planned, or longer if it or the ghost took longer. */
export function timeSpan(picture: RunPicture, ghost: RunPicture | null): number {
  const end = (p: RunPicture): number => Math.max(Number.isFinite(p.progress.simEnd) ? p.progress.simEnd : 0, p.progress.simTime);
  return Math.max(1, end(picture), ghost ? Math.min(end(ghost), end(picture) * 4 + 60) : 0);
}

export function tracksTable(picture: RunPicture, tracks: readonly TrackModel[], title: string): TableData {
  const dt = picture.series.bucketSeconds;
  return {
    title,
    length: Math.max(picture.fleet.length, finished(picture)),
    columns: [
      { label: "Time", unit: "s", head: "Time", raw: (row) => row * dt, show: (row) => clock(row * dt, dt < 1 ? 1 : 0) },
      ...tracks.flatMap((track) => track.columns),
    ],
  };
}
