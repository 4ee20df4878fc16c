// The fleet at one moment: cells by pool, in the order in which they are shown.
import { ReplicaState } from "../../../engine/contracts.ts";
import type { RunPicture } from "../../rpc/protocol.ts";
import { money, seconds, integer, clock, fixed, percent, TIMES } from "../../ui/format.ts";
import type { TipContent } from "../../ui/chart/tooltip.tsx";
import type { TableData } from "../../ui/chart/table-data.ts";
import type { ReplicaSamples } from "../../../engine/metrics/results.ts";
import { lastEvent, rowOf, sampleAt } from "../moment.ts";
import { slotsOf, stayAt } from "../slots.ts";
import { gpuName } from "./gpu-name.ts";

export interface FleetCell {
  /** Index of the replica. */
  readonly replica: number;
  /** Empty for a place that nobody is in. */
  readonly name: string;
  readonly pool: number;
  readonly state: ReplicaState;
  /** Share of KV blocks used, 0..1. */
  readonly kv: number;
  readonly kvUsed: number;
  readonly kvBlocks: number;
  readonly decoding: number;
  readonly prefilling: number;
  readonly waiting: number;
  readonly cap: number;
  /** Share of the last sample in which an iteration ran. */
  readonly busy: number;
  /** Starting: seconds left (NaN unknown) and share done. */
  readonly left: number;
  readonly done: number;
  /** Failed or draining: since when; NaN otherwise. */
  readonly since: number;
}

export interface FleetGroup {
  readonly pool: number;
  readonly name: string;
  readonly note: string;
  readonly cells: readonly FleetCell[];
}

export interface FleetMoment {
  readonly time: number;
  readonly sample: number;
  readonly groups: readonly FleetGroup[];
  readonly cells: readonly FleetCell[];
  /** Replicas come and go: cells stand for places, not for replicas. */
  readonly byPlace: boolean;
  readonly counts: Readonly<Record<"ready" | "starting" | "draining" | "failed", number>>;
}

/** Most places that stand in one line of cells. */
const KEEP_PLACES = 16;

export type FleetSort = "id" | "load";

const loadOf = (cell: FleetCell): number => (cell.decoding + cell.prefilling + cell.waiting) / Math.max(1, cell.cap);

export function selectFleet(picture: RunPicture, time: number, sort: FleetSort): FleetMoment {
  const { fleet, events } = picture;
  const sample = sampleAt(fleet, time);
  const slots = slotsOf(fleet);
  // In a small fleet a place that is empty is kept, so that cells stand still while the cursor moves.
  const keepPlace = slots.length <= KEEP_PLACES;
  // Whom an autoscaler sent away is away; whom a fault took is missed.
  const scaled = new Set(events.filter(({ reason }) => reason === "autoscaler").map(({ replica }) => replica));
  const counts = { ready: 0, starting: 0, draining: 0, failed: 0 };
  const groups = fleet.pools.map((pool, index) => {
    const cells: FleetCell[] = [];
    for (const slot of slots) {
      if (slot.pool !== index) continue;
      const r = stayAt(slot, sample).replica;
      const replica = fleet.replicas[r] as ReplicaSamples;
      const row = rowOf(replica, sample);
      const state = row < 0 ? ReplicaState.gone : (replica.state[row] as ReplicaState);
      if (state === ReplicaState.gone && !keepPlace) continue;
      if (state === ReplicaState.ready) counts.ready++;
      else if (state === ReplicaState.starting) counts.starting++;
      else if (state === ReplicaState.draining) counts.draining++;
      else if (state === ReplicaState.failed) counts.failed++;
      const started = state === ReplicaState.starting ? lastEvent(events, r, state, time) : undefined;
      const until = started?.until ?? NaN;
      const since = state === ReplicaState.failed || state === ReplicaState.draining ? (lastEvent(events, r, state, time)?.at ?? NaN) : NaN;
      const kvUsed = replica.kvUsedBlocks[row] ?? 0;
      cells.push({
        replica: r,
        name: state === ReplicaState.gone && scaled.has(r) ? "" : replica.name,
        pool: index,
        state,
        kv: Math.min(1, kvUsed / Math.max(1, replica.kvBlocks)),
        kvUsed,
        kvBlocks: replica.kvBlocks,
        decoding: replica.decoding[row] ?? 0,
        prefilling: replica.prefilling[row] ?? 0,
        waiting: replica.waiting[row] ?? 0,
        cap: pool.batchCap,
        busy: replica.busy[row] ?? 0,
        left: Math.max(0, until - time),
        done: started && until > started.at ? Math.min(1, Math.max(0, (time - started.at) / (until - started.at))) : 0,
        since,
      });
    }
    if (sort === "load") cells.sort((a, b) => loadOf(b) - loadOf(a) || a.replica - b.replica);
    const present = cells.filter((cell) => cell.state !== ReplicaState.gone).length;
    const note = `${present} ${TIMES} ${pool.gpusPerReplica > 1 ? `${pool.gpusPerReplica} ` : ""}${gpuName(pool.gpu)}, ${money(pool.pricePerReplicaHour)}/h each`;
    return { pool: index, name: pool.name, note, cells };
  });
  return {
    time,
    sample,
    groups,
    cells: groups.flatMap((group) => group.cells),
    byPlace: slots.some(({ stays }) => stays.length > 1),
    counts,
  };
}

export interface Spark {
  /** Running, and running plus waiting, at the samples of the last two minutes; NaN where the replica was not there. */
  readonly running: Float64Array;
  readonly total: Float64Array;
}

export const SPARK_SECONDS = 120;

/** The last two minutes of a replica up to a sample. */
export function selectSpark(picture: RunPicture, replica: number, sample: number): Spark {
  const samples = picture.fleet.replicas[replica];
  const count = Math.max(2, Math.min(121, Math.round(SPARK_SECONDS / picture.fleet.sampleSeconds) + 1));
  const running = new Float64Array(count).fill(NaN);
  const total = new Float64Array(count).fill(NaN);
  if (!samples) return { running, total };
  for (let i = 0; i < count; i++) {
    const row = rowOf(samples, sample - count + 1 + i);
    if (row < 0) continue;
    const state = samples.state[row];
    if (state !== ReplicaState.ready && state !== ReplicaState.draining) continue;
    running[i] = (samples.decoding[row] ?? 0) + (samples.prefilling[row] ?? 0);
    total[i] = (running[i] as number) + (samples.waiting[row] ?? 0);
  }
  return { running, total };
}

export const STATE_WORDS = ["starting", "ready", "draining", "failed", "not there"] as const;

/** The word at the right of a cell's head; nothing when ready. */
export function cellNote(cell: FleetCell): string {
  if (cell.state === ReplicaState.starting) return Number.isFinite(cell.left) ? `in ${Math.round(cell.left)}\u00a0s` : "starting";
  return cell.state === ReplicaState.ready || cell.state === ReplicaState.gone ? "" : (STATE_WORDS[cell.state] ?? "");
}

export function cellTip(cell: FleetCell, group: FleetGroup): TipContent {
  const rows: [string, string][] = [];
  if (cell.state === ReplicaState.starting)
    rows.push(["ready in", Number.isFinite(cell.left) ? seconds(Math.round(cell.left)) : "unknown"]);
  if (cell.state === ReplicaState.failed || cell.state === ReplicaState.draining)
    rows.push([`${STATE_WORDS[cell.state]} since`, clock(cell.since)]);
  if (cell.state === ReplicaState.ready || cell.state === ReplicaState.draining) {
    rows.push(["KV cache", `${percent(cell.kv, 0)}, ${integer(cell.kvUsed)} of ${integer(cell.kvBlocks)} blocks`]);
    rows.push(["batch", `${integer(cell.decoding + cell.prefilling)} of ${integer(cell.cap)}`]);
    rows.push(["decoding", integer(cell.decoding)]);
    rows.push(["prefilling", integer(cell.prefilling)]);
    rows.push(["waiting", integer(cell.waiting)]);
    rows.push(["busy", percent(cell.busy, 0)]);
  }
  rows.push(["pool", `${group.name}, ${group.note.slice(group.note.indexOf(TIMES) + 2)}`]);
  return { name: cell.name, state: STATE_WORDS[cell.state], rows };
}

/** A cell in words, for screen readers. */
export function cellText(cell: FleetCell): string {
  if (cell.state === ReplicaState.gone) return cell.name === "" ? "empty place" : `${cell.name}, not there`;
  const head = `${cell.name}, ${STATE_WORDS[cell.state] ?? ""}`;
  if (cell.state === ReplicaState.starting) return Number.isFinite(cell.left) ? `${head}, ready in ${Math.round(cell.left)} seconds` : head;
  if (cell.state === ReplicaState.failed) return Number.isFinite(cell.since) ? `${head} since ${clock(cell.since)}` : head;
  return `${head}, KV ${Math.round(cell.kv * 100)} percent, batch ${cell.decoding + cell.prefilling} of ${cell.cap}, ${cell.waiting} waiting`;
}

export function fleetSummary(moment: FleetMoment): string {
  const { ready, starting, draining, failed } = moment.counts;
  return [`${ready} ready`, starting && `${starting} starting`, draining && `${draining} draining`, failed && `${failed} failed`]
    .filter(Boolean)
    .join(", ");
}

export function fleetTable(moment: FleetMoment): TableData {
  const { groups } = moment;
  const cells = moment.cells.filter(({ name }) => name !== "");
  const cell = (row: number): FleetCell => cells[row] as FleetCell;
  const number = (label: string, unit: string | undefined, value: (c: FleetCell) => number, decimals = 0) => ({
    label,
    unit,
    raw: (row: number) => value(cell(row)),
    show: (row: number) => fixed(value(cell(row)), decimals),
  });
  return {
    title: `Fleet at ${clock(moment.time)}`,
    length: cells.length,
    columns: [
      { label: "Replica", raw: (row) => cell(row).name, show: (row) => cell(row).name },
      { label: "Pool", raw: (row) => groups[cell(row).pool]?.name ?? "", show: (row) => groups[cell(row).pool]?.name ?? "" },
      { label: "State", raw: (row) => STATE_WORDS[cell(row).state] ?? "", show: (row) => STATE_WORDS[cell(row).state] ?? "" },
      number("KV used", "blocks", (c) => c.kvUsed),
      number("KV", "blocks", (c) => c.kvBlocks),
      number("KV share", "%", (c) => c.kv * 100, 1),
      number("Decoding", "requests", (c) => c.decoding),
      number("Prefilling", "requests", (c) => c.prefilling),
      number("Batch cap", "requests", (c) => c.cap),
      number("Waiting", "requests", (c) => c.waiting),
      number("Busy", "%", (c) => c.busy * 100, 0),
    ],
  };
}
