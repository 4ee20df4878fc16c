// What a synthetic workload is made of: an arrival process says when, a length law says how much. Plug-in authors need only this file.
import type { Policy } from "../../engine/contracts.ts";
import type { Random } from "../../engine/kernel/random.ts";
import type { TurnLaw } from "../presets/turns.ts";
import type { LawContent } from "./content.ts";
import type { Params, Values } from "../../engine/params.ts";

/** Times of arrivals, seconds from the start. Times never decrease. What it remembers stands in `state`, as plain data. */
export interface ArrivalProcess extends Policy {
  /** Long-run mean, requests per second; NaN when it depends on the fleet (closed loop). */
  readonly meanRate: number;
  /** Time of the next arrival; Infinity when none is due. */
  nextAt(): number;
  /** Whose that arrival is, for processes that say; else the tenants' shares do. */
  tenant?(): number;
  /** Passes over that arrival. */
  advance(): void;
  /** Told of every request that ends (closed loops). */
  finished?(now: number): void;
}

/** Where a length law writes to. */
export interface LengthSink {
  promptTokens: number;
  outputTokens: number;
  /** Whose request it is, from 0. */
  readonly tenant?: number;
}

/** Lengths of one request after another: whole numbers, at least 1. */
export interface LengthLaw extends Policy {
  fill(into: LengthSink): void;
  /** What the prompt that was filled last is made of, for laws that know. */
  readonly content?: LawContent;
  /** Requests come in sessions, and follow this law instead of `fill`. */
  readonly turns?: TurnLaw;
}

export interface ArrivalContext {
  /** The stream of the arrivals alone: lengths and tenants draw from their own. */
  readonly random: Random;
  /** Multiplies the rate; the shape in time (periods, steps) stays. */
  readonly rateScale: number;
}

export interface LengthContext {
  readonly random: Random;
}

/**
 * An arrival process and its parameters.
 * @example
 * export const metronome = defineArrivals({
 *   id: "metronome", label: "Metronome", help: "One request a second.", params: {},
 *   create: (_values, { rateScale }) => {
 *     const state = { n: 0 };
 *     return { state, meanRate: rateScale, nextAt: () => state.n / rateScale, advance: () => void state.n++ };
 *   },
 * });
 */
export interface ArrivalDefinition<P extends Params = Params> {
  readonly kind: "arrivals";
  /** Never changes once released: it is in people's links. */
  readonly id: string;
  readonly label: string;
  readonly help: string;
  readonly params: P;
  create(values: Values<P>, context: ArrivalContext): ArrivalProcess;
  /** The values changed so that the mean is `rate` requests per second; leave out when the process has no rate of its own to set. */
  withRate?(values: Values<P>, rate: number): Values<P>;
}

export interface LengthDefinition<P extends Params = Params> {
  readonly kind: "lengths";
  readonly id: string;
  readonly label: string;
  readonly help: string;
  readonly params: P;
  create(values: Values<P>, context: LengthContext): LengthLaw;
}

/** Types the values from the descriptors, then forgets them, so that all definitions fit in one list. */
export function defineArrivals<const P extends Params>(definition: Omit<ArrivalDefinition<P>, "kind">): ArrivalDefinition {
  return { kind: "arrivals", ...definition } as unknown as ArrivalDefinition;
}

export function defineLengths<const P extends Params>(definition: Omit<LengthDefinition<P>, "kind">): LengthDefinition {
  return { kind: "lengths", ...definition } as unknown as LengthDefinition;
}

/** Nearest whole number of tokens, at least 1. */
export const wholeTokens = (tokens: number): number => (tokens < 1.5 ? 1 : Math.floor(tokens + 0.5));
