// Load per replica over time: a row per place of the fleet, which replicas that come and go take one after another. Pure.
import { ReplicaState } from "../../../engine/contracts.ts";
import type { RunPicture } from "../../rpc/protocol.ts";
import { fixed } from "../../ui/format.ts";
import { slotName, slotsOf, stayAt, type Stay } from "../slots.ts";
import { HeatCode, type HeatModel, type HeatRow, type TrackModel } from "./model.ts";
import { niceStep } from "./ticks.ts";

export function selectHeat(picture: RunPicture): HeatModel {
  const { fleet } = picture;
  const rows = slotsOf(fleet).map((slot): HeatRow => ({ ...slot, name: slotName(fleet, slot) }));
  const pools = fleet.pools.flatMap(({ name }, pool) => {
    const from = rows.findIndex((row) => row.pool === pool);
    return from < 0 ? [] : [{ name, from, to: rows.findLastIndex((row) => row.pool === pool) + 1 }];
  });
  const { length } = fleet;
  const load = new Float32Array(rows.length * length);
  const code = new Uint8Array(rows.length * length);
  let most = 0;
  let seen = 0;
  const fill = (row: number, stay: Stay): void => {
    const replica = fleet.replicas[stay.replica];
    if (!replica) return;
    const queue = (fleet.pools[replica.pool]?.batchCap ?? 0) * 0.02;
    const end = Math.min(stay.to, length) - stay.from;
    const offset = row * length + stay.from;
    for (let i = 0; i < end; i++) {
      const state = replica.state[i];
      if (state === ReplicaState.gone) continue;
      if (state === ReplicaState.starting) code[offset + i] = HeatCode.starting;
      else if (state === ReplicaState.failed) code[offset + i] = HeatCode.failed;
      else {
        const waiting = replica.waiting[i] as number;
        const value = (replica.decoding[i] as number) + (replica.prefilling[i] as number) + waiting;
        load[offset + i] = value;
        if (value > most) most = value;
        // A request waits for a moment before every iteration: the mark begins at 2 % of the batch cap.
        code[offset + i] =
          waiting > 0 && waiting >= queue ? HeatCode.waiting : state === ReplicaState.draining ? HeatCode.draining : HeatCode.load;
      }
      seen |= 1 << (code[offset + i] as number);
    }
  };
  rows.forEach(({ stays }, row) => stays.forEach((stay) => fill(row, stay)));
  const cap = Math.max(1, ...fleet.pools.map((pool) => pool.batchCap));
  const wanted = Math.max(8, Math.min(most, cap * 1.15));
  const step = niceStep(wanted, 10, true);
  return { rows, pools, dt: fleet.sampleSeconds, length, load, code, seen, top: Math.ceil(wanted / step) * step };
}

/** Replica of a row at a sample: the last one that has been there. */
export const replicaIn = (row: HeatRow, sample: number): number => stayAt(row, sample).replica;

export function loadTrack(picture: RunPicture): TrackModel {
  const heat = selectHeat(picture);
  const count = Math.max(1, heat.rows.length);
  // Up to 64 rows within 120 px; beyond, the panel is the fleet's picture and gets 1 to 2 px per replica.
  // A short fleet gets taller rows, so that the key beside it has room.
  const height =
    count <= 64 ? Math.min(120, Math.max(count * 6.8, Math.min(78, count * 12), 30)) : Math.min(480, Math.max(120, count * 1.86));
  return {
    id: "load",
    title: "Load per replica",
    unit: ["running and", "waiting requests"],
    height,
    domain: [0, count],
    ticks: [],
    marks: [],
    heat,
    labelsAt: () => [],
    columns: heat.rows.map(({ name }, row) => {
      const at = (i: number): number =>
        i < heat.length && heat.code[row * heat.length + i] ? (heat.load[row * heat.length + i] as number) : NaN;
      return { label: name, unit: "requests", raw: at, show: (i: number) => fixed(at(i), 0) };
    }),
  };
}
