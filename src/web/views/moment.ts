// The run at one moment: which sample a time falls into, and what replicas did there. Shared by the panels; pure.
import type { ReplicaState } from "../../engine/contracts.ts";
import type { FleetEvent, FleetSamples, ReplicaSamples } from "../../engine/metrics/results.ts";
import type { Scenario, SloClass } from "../../scenario/types.ts";
import type { RunPicture } from "../rpc/protocol.ts";

/** The time the panels speak of: the cursor inside the run, else its live edge. */
export function momentOf(picture: RunPicture, cursor: number | null): { readonly time: number; readonly live: boolean } {
  const edge = picture.progress.simTime;
  return cursor === null || cursor >= edge ? { time: edge, live: true } : { time: Math.max(0, cursor), live: false };
}

export function sampleAt(fleet: FleetSamples, time: number): number {
  return Math.max(0, Math.min(fleet.length - 1, Math.floor(time / fleet.sampleSeconds + 1e-9)));
}

/** Position in a replica's own columns, or -1 where it does not exist. */
export function rowOf(replica: ReplicaSamples, sample: number): number {
  const row = sample - replica.from;
  return row >= 0 && row < replica.state.length ? row : -1;
}

/** Last event of a replica at or before a time that put it into this state. */
export function lastEvent(events: readonly FleetEvent[], replica: number, state: ReplicaState, time: number): FleetEvent | undefined {
  for (let i = events.length - 1; i >= 0; i--) {
    const event = events[i] as FleetEvent;
    if (event.replica === replica && event.state === state && event.at <= time + 1e-9) return event;
  }
  return undefined;
}

export interface Limit {
  readonly value: number;
  /** Class that has it, where there are several classes. */
  readonly className: string | null;
}

export type Limits = Readonly<Record<"ttft" | "tpot" | "e2e", Limit | null>>;

function strictest(classes: readonly SloClass[], key: "ttft" | "tpot" | "e2e"): Limit | null {
  let best: Limit | null = null;
  for (const one of classes) {
    const value = one[key];
    if (value !== null && (best === null || value < best.value)) best = { value, className: classes.length > 1 ? one.name : null };
  }
  return best;
}

/** The strictest limit of each kind: where there are several classes, charts show this one and name its class. */
export function limitsOf(scenario: Scenario | null): Limits {
  const classes = scenario?.sloClasses ?? [];
  return { ttft: strictest(classes, "ttft"), tpot: strictest(classes, "tpot"), e2e: strictest(classes, "e2e") };
}

/** Names of tenants by index: from the results, else the scenario. */
export function tenantNames(picture: RunPicture | null, scenario: Scenario | null): readonly string[] {
  return picture && picture.summary.tenants.length
    ? picture.summary.tenants.map((t) => t.name)
    : (scenario?.tenants.map((t) => t.name) ?? []);
}
