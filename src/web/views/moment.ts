// The run at one moment: which sample a time falls into, and what replicas did there. Shared by the panels; pure.
import { ReplicaState } from "../../engine/contracts.ts";
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

export function stateAt(replica: ReplicaSamples, sample: number): ReplicaState {
  const row = rowOf(replica, sample);
  return row < 0 ? ReplicaState.gone : (replica.state[row] as ReplicaState);
}

/** Last event of a replica at or before a time that put it into this state. */
export function lastEvent(events: readonly FleetEvent[], replica: number, state: ReplicaState, time: number): FleetEvent | undefined {
  for (let i = events.length - 1; i >= 0; i--) {
    const event = events[i] as FleetEvent;
    if (event.replica === replica && event.state === state && event.at <= time + 1e-9) return event;
  }
  return undefined;
}

export interface Limits {
  readonly ttft: number | null;
  readonly tpot: number | null;
  readonly e2e: number | null;
  /** Name of the class whose limits these are, where there are several. */
  readonly className: string | null;
}

const strictest = (classes: readonly SloClass[], key: "ttft" | "tpot" | "e2e"): number | null => {
  const values = classes.map((one) => one[key]).filter((value): value is number => value !== null);
  return values.length ? Math.min(...values) : null;
};

/** The strictest limit of each kind: where there are several classes, charts show this one. */
export function limitsOf(scenario: Scenario | null): Limits {
  const classes = scenario?.sloClasses ?? [];
  return {
    ttft: strictest(classes, "ttft"),
    tpot: strictest(classes, "tpot"),
    e2e: strictest(classes, "e2e"),
    className: classes.length > 1 ? (classes[0]?.name ?? null) : null,
  };
}

/** Names of tenants by index: from the results, else the scenario. */
export function tenantNames(picture: RunPicture | null, scenario: Scenario | null): readonly string[] {
  return picture && picture.summary.tenants.length ? picture.summary.tenants.map((t) => t.name) : (scenario?.tenants.map((t) => t.name) ?? []);
}
