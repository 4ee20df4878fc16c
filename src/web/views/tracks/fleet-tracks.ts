// Replicas over time by state, with the decisions of autoscalers, and what they cost. Pure.
import type { FleetEvent } from "../../../engine/metrics/results.ts";
import type { RunPicture } from "../../rpc/protocol.ts";
import { clock, integer, money } from "../../ui/format.ts";
import { csv, ghostLine, highest, line, numberTicks, ofPool, plus, sampled, sumPools, type PoolColumn } from "./columns.ts";
import { valueAt, type Column, type DecisionMark, type EventNote, type TrackLabel, type TrackModel } from "./model.ts";
import { niceStep, ticksFromZero } from "./ticks.ts";

const VERBS: Partial<Record<FleetEvent["reason"], readonly [one: string, many: string]>> = {
  fault: ["fails", "fail"],
  reclaim: ["reclaimed", "reclaimed"],
};

/** Crashes and reclaims, of one pool or of all; those of the same kind in the same second are one note. */
export function eventNotes(picture: RunPicture, pool: number | null = null): EventNote[] {
  const groups = new Map<string, { at: number; names: string[]; verb: readonly [string, string] }>();
  for (const event of picture.events) {
    const verb = VERBS[event.reason];
    if (!verb || (pool !== null && picture.fleet.replicas[event.replica]?.pool !== pool)) continue;
    const key = `${event.reason} ${Math.floor(event.at)}`;
    const name = picture.fleet.replicas[event.replica]?.name ?? `replica ${event.replica + 1}`;
    const group = groups.get(key);
    if (group) group.names.push(name);
    else groups.set(key, { at: event.at, names: [name], verb });
  }
  return [...groups.values()].map(({ at, names, verb }) => {
    const who = names.length < 3 ? names.join(", ") : `${names[0]} and ${names.length - 1} more`;
    return { at, text: `${who} ${names.length > 1 ? verb[1] : verb[0]} ${clock(at)}` };
  });
}

/** Where autoscalers decided, in the order in which they did. */
function decisionMarks(picture: RunPicture, pool: number | null): DecisionMark[] {
  const marks: DecisionMark[] = [];
  picture.decisions.forEach(({ at, pool: own, answered, ordered }, decision) => {
    if (pool === null || own === pool) marks.push({ at, decision, up: answered > 0, ordered: ordered !== 0 });
  });
  return marks;
}

const LETTERS = 12;
const shortened = (name: string): string => (name.length > LETTERS ? `${name.slice(0, LETTERS - 1)}\u2026` : name);

/** Replicas of one pool, or of all pools together. */
function replicaTrack(picture: RunPicture, ghost: RunPicture | null, pool: number | null): TrackModel {
  const columnOf = (run: RunPicture, key: PoolColumn): Column => {
    const own = pool === null ? undefined : run.fleet.pools[pool];
    return own ? ofPool(run, own, key) : sumPools(run, key);
  };
  const ready = columnOf(picture, "ready");
  const starting = columnOf(picture, "starting");
  const draining = columnOf(picture, "draining");
  const leaving = columnOf(picture, "leaving");
  const failed = columnOf(picture, "failed");
  // Those that are to leave still serve: they are part of the ready ones.
  const staying = sampled(
    picture,
    Float64Array.from({ length: ready.length }, (_, i) => (ready.values[i] as number) - (leaving.values[i] as number)),
  );
  const upToDraining = { ...ready, values: plus(ready, draining) };
  const all = { ...ready, values: plus(upToDraining, starting) };
  // A ghost of a fleet with other pools is of no use to one of them.
  const other =
    ghost && (pool === null || ghost.fleet.pools[pool]?.name === picture.fleet.pools[pool]?.name) ? columnOf(ghost, "ready") : null;
  const top = Math.max(2, highest(all), Math.min(highest(other), highest(all) * 2)) * 1.12;
  const someLeave = highest(leaving) > 0;
  const name = pool === null ? "" : (picture.fleet.pools[pool]?.name ?? "");
  const height = pool === null || picture.fleet.pools.length === 1 ? 44 : 34;
  const prefix = pool === null || picture.fleet.pools.length === 1 ? "" : `${name} `;
  const decisions = decisionMarks(picture, pool);
  return {
    id: pool === null || pool === 0 ? "replicas" : `replicas-${pool + 1}`,
    title: prefix === "" ? "Replicas" : `Replicas, ${shortened(name)}`,
    unit: ["ready, draining,", "starting"],
    height,
    domain: [0, top],
    ticks: numberTicks(ticksFromZero(top, height, true)),
    marks: [
      { kind: "area", column: staying, color: "inset", step: true },
      ...(someLeave ? [{ kind: "area" as const, column: ready, base: staying.values, color: "draining", alpha: 0.3, step: true }] : []),
      { kind: "area", column: upToDraining, base: ready.values, color: "draining", hatch: true, step: true },
      { kind: "area", column: all, base: upToDraining.values, color: "starting", hatch: true, step: true },
      ...ghostLine(other, true),
      line(ready, "ink", 1.3, { step: true }),
    ],
    notes: eventNotes(picture, pool),
    ...(decisions.length > 0 ? { decisions } : {}),
    labelsAt: (time) => {
      const [r, s, d, l, f] = [ready, starting, draining, leaving, failed].map((column) => valueAt(column, time)) as [
        number,
        number,
        number,
        number,
        number,
      ];
      const labels: TrackLabel[] = [];
      if (s > 0) labels.push({ label: "starting", at: r + d + s / 2, value: integer(s), color: "sky-text" });
      if (d > 0) labels.push({ label: "draining", at: r + d / 2, value: integer(d), color: "purple-text" });
      if (l > 0) labels.push({ label: "leaving", at: r - l / 2, value: integer(l), color: "purple-text" });
      labels.push({ label: "ready", at: (r - l) / 2, value: integer(r), color: "ink-2" });
      if (f > 0) labels.push({ label: "failed", at: 0, value: integer(f), color: "ink" });
      return labels;
    },
    columns: [
      csv(`${prefix}Ready`, "", ready, 0),
      csv(`${prefix}Starting`, "", starting, 0),
      csv(`${prefix}Draining`, "", draining, 0),
      ...(someLeave ? [csv(`${prefix}Leaving`, "", leaving, 0)] : []),
      csv(`${prefix}Failed`, "", failed, 0),
    ],
  };
}

/** One track for all pools; one for each where an autoscaler changes them apart. */
export const replicaTracks = (picture: RunPicture, ghost: RunPicture | null, poolsApart: boolean): TrackModel[] =>
  poolsApart ? picture.fleet.pools.map((_, pool) => replicaTrack(picture, ghost, pool)) : [replicaTrack(picture, ghost, null)];

export function cost(picture: RunPicture, ghost: RunPicture | null): TrackModel {
  const rateNow = sumPools(picture, "costPerHour");
  const other = ghost ? sumPools(ghost, "costPerHour") : null;
  let low = Infinity;
  for (const column of [rateNow, other])
    if (column) for (let i = 0; i < column.length; i++) low = Math.min(low, column.values[i] as number);
  const high = Math.max(1, highest(rateNow, other));
  // A line may start above zero; the ticks say so.
  const step = niceStep(high - Math.min(low, high * 0.6), 1);
  const bottom = Math.max(0, Math.floor((Number.isFinite(low) ? low : 0) / step) * step - (low === high ? step : 0));
  const top = Math.max(bottom + step, high * 1.04);
  const ticks = [bottom];
  for (let k = 1; bottom + k * step <= top; k++) ticks[1] = bottom + k * step;
  return {
    id: "cost",
    title: "Cost",
    unit: ["$/h"],
    height: 30,
    domain: [bottom, top],
    ticks: numberTicks(ticks),
    marks: [...ghostLine(other, true), line(rateNow, "ink", 1.3, { step: true })],
    labelsAt: (time) => [
      {
        label: "rate",
        at: valueAt(rateNow, time),
        value: money(valueAt(rateNow, time), valueAt(rateNow, time) < 100 ? 2 : 0),
        color: "ink-2",
      },
    ],
    columns: [csv("Cost", "$/h", rateNow, 2)],
  };
}
