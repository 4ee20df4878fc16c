// The state of a run as plain data, and back. Configuration and the code of policies are not part of it; what policies remember (`state`) is.
import { load, save } from "./kernel/snapshot.ts";
import type { Simulation } from "./simulation.ts";

/** State of a run, from Simulation.snapshot. */
export interface Snapshot {
  readonly graph: unknown;
  readonly policies: unknown;
  /** Names of the random streams. */
  readonly streams: readonly string[];
  /** Pool of each replica ever made. */
  readonly replicas: readonly number[];
}

export function takeSnapshot(simulation: Simulation): Snapshot {
  const { policies, replicas } = simulation;
  return {
    graph: save(simulation, policies.fixed()),
    policies: save(policies.states(), new Set()),
    streams: policies.streamNames,
    replicas: replicas.map(({ pool }) => pool),
  };
}

export function restoreSnapshot(simulation: Simulation, snapshot: Snapshot): void {
  const { policies, replicas, roster } = simulation;
  // Replicas and streams are objects with code: they must be there before their state is written into them.
  for (let index = replicas.length; index < snapshot.replicas.length; index++) roster.addReady(snapshot.replicas[index]!);
  policies.openStreams(snapshot.streams);
  load(simulation, structuredClone(snapshot.graph) as object);
  load(policies.states(), structuredClone(snapshot.policies) as object);
}
