// Places of a fleet whose replicas come and go: a replica takes the first free place of its pool and gives it back when it is gone, so that an hour
// of autoscaling has as many places as replicas stood at once. Shared by the fleet and the load panel; pure.
import { ReplicaState } from "../../engine/contracts.ts";
import type { FleetSamples } from "../../engine/metrics/results.ts";

/** A replica in a place, for the samples [from, to). */
export interface Stay {
  readonly replica: number;
  readonly from: number;
  readonly to: number;
}

export interface Slot {
  readonly pool: number;
  /** Place in the pool, from 1. */
  readonly place: number;
  /** One after another. */
  readonly stays: readonly Stay[];
}

const known = new WeakMap<FleetSamples, readonly Slot[]>();

/** By pool, then by place. A replica that no sample has seen has no place. */
export function slotsOf(fleet: FleetSamples): readonly Slot[] {
  const before = known.get(fleet);
  if (before) return before;
  const pools = fleet.pools.map((): Stay[][] => []);
  // Replicas are numbered in the order in which they came.
  fleet.replicas.forEach((replica, index) => {
    const { from, state } = replica;
    let to = from + state.length;
    while (to > from && state[to - from - 1] === ReplicaState.gone) to--;
    if (to === from) return;
    const slots = pools[replica.pool] as Stay[][];
    const free = slots.find((stays) => (stays.at(-1) as Stay).to <= from);
    const stay = { replica: index, from, to };
    if (free) free.push(stay);
    else slots.push([stay]);
  });
  const slots = pools.flatMap((own, pool) => own.map((stays, i) => ({ pool, place: i + 1, stays })));
  known.set(fleet, slots);
  return slots;
}

/** Who is there at a sample; else the last one who was; else the first to come. */
export function stayAt(slot: Slot, sample: number): Stay {
  let found = slot.stays[0] as Stay;
  for (const stay of slot.stays) if (stay.from <= sample) found = stay;
  return found;
}

/** Name of a place: of its replica, where there was only one. */
export function slotName(fleet: FleetSamples, slot: Slot): string {
  const [only, ...others] = slot.stays;
  if (only && others.length === 0) return fleet.replicas[only.replica]?.name ?? "";
  return `${fleet.pools[slot.pool]?.name ?? ""} place ${slot.place}`;
}
