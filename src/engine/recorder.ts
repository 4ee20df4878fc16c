// What may listen to a run. Recorders never change it: a run with and without them gives the same events.
import type { FleetEvent } from "./metrics/results.ts";
import type { ReplicaState, Status } from "./contracts.ts";
import type { Lane } from "./fleet/lane.ts";

export interface Recorder {
  arrived?(slot: number, now: number): void;
  /** Placed on a replica: from now in its waiting queue. */
  routed?(slot: number, replica: number, now: number): void;
  /** For the first time in a batch. */
  scheduled?(slot: number, now: number): void;
  /** A chunk of the prompt, computed in an iteration of the lane. */
  chunk?(slot: number, tokens: number, startedAt: number, endedAt: number, lane: Lane): void;
  firstToken?(slot: number, now: number): void;
  /** A token that came after a break (preemption and recomputation), with its gap in seconds. */
  resumed?(slot: number, gap: number, now: number): void;
  /** `steps` iterations in which the whole decoding group of the lane took a token each, since `lane.epochTime`. */
  decoded?(lane: Lane, steps: number, endedAt: number): void;
  preempted?(slot: number, replica: number, now: number): void;
  moved?(slot: number, replica: number, now: number): void;
  ended?(slot: number, status: Status, now: number): void;
  replica?(event: FleetEvent): void;
  replicaState?(replica: number, state: ReplicaState, now: number): void;
  /** At the times of the sampling grid. */
  sample?(now: number): void;
  /** Time of the next sample; Infinity for none. */
  nextSampleAt?: number;
}
