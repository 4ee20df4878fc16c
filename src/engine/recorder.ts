// What may listen to a run. Recorders never change it: a run with and without them gives the same events.
// Times are read from the simulation (`simulation.now`) and the lane, not passed: numbers that pass through calls cost an allocation each.
import type { FleetEvent, ScalingDecision } from "./metrics/results.ts";
import type { FleetView, Router, Status } from "./contracts.ts";
import type { Lane } from "./fleet/lane.ts";
import type { Simulation } from "./simulation.ts";

export interface Recorder {
  /** Before the first replica is made. */
  begin?(simulation: Simulation): void;
  arrived?(slot: number): void;
  /** The router has chosen a replica among the candidates of the view. */
  chosen?(slot: number, replica: number, fleet: FleetView, router: Router): void;
  /** Placed on a replica: from now in its waiting queue. */
  routed?(slot: number, replica: number): void;
  /** For the first time in a batch. */
  scheduled?(slot: number): void;
  /** A chunk of the prompt, computed in an iteration of the lane from `lane.startedAt` to now. */
  chunk?(slot: number, tokens: number, lane: Lane): void;
  firstToken?(slot: number): void;
  /** A token that came after a break (preemption and recomputation): the one before was at `requests.lastTokenAt[slot]`. */
  resumed?(slot: number): void;
  /** `steps` iterations in which the whole decoding group of the lane took a token each, from `lane.epochTime` to `lane.epochEnd`. */
  decoded?(lane: Lane, steps: number): void;
  /** The lane was asked for its next batch: one runs from now on (`lane.busy`), or the lane is idle. What it ran before is over and reported. */
  planned?(lane: Lane): void;
  /** Joins the decoding group of a lane, or leaves it before its end (preempted, paused). */
  joined?(slot: number, lane: Lane): void;
  left?(slot: number, lane: Lane): void;
  preempted?(slot: number, replica: number): void;
  moved?(slot: number, replica: number): void;
  ended?(slot: number, status: Status): void;
  /** The columns of the ended requests, `requests.ended`, are about to be written over: for those who read many at a time. */
  leaving?(): void;
  replica?(event: FleetEvent): void;
  /** An autoscaler answered a change. */
  scaled?(decision: ScalingDecision): void;
  /** At the times of the sampling grid. */
  sample?(now: number): void;
  /** Time of the next sample; Infinity for none. */
  nextSampleAt?: number;
}

const HOOKS = [
  "arrived",
  "chosen",
  "routed",
  "scheduled",
  "chunk",
  "firstToken",
  "resumed",
  "decoded",
  "planned",
  "joined",
  "left",
  "preempted",
  "moved",
  "ended",
  "leaving",
  "replica",
  "scaled",
] as const;
type HookName = (typeof HOOKS)[number];

/** Recorders by what they listen to. */
export type Listeners = { readonly [Hook in HookName]: readonly (Recorder & Required<Pick<Recorder, Hook>>)[] };

export function listenersOf(recorders: readonly Recorder[]): Listeners {
  return Object.fromEntries(HOOKS.map((hook) => [hook, recorders.filter((recorder) => recorder[hook] !== undefined)])) as never;
}
