// A published figure as something to run: the scenarios behind it, the numbers that were published, and what ours are.
// A card is data and two pure functions; who runs the scenarios (worker, process, test) hands the figures in. Everything shown crosses threads and files.
import type { Measure, MeasuredFigures } from "../analysis/types.ts";
import type { Scenario } from "../scenario/types.ts";

/** Questions by which the page groups cards, in its order. */
export const QUESTIONS = [
  { id: "replicas", question: "How many replicas?", about: "Autoscaling, cost" },
  { id: "place", question: "Where should a request go?", about: "Routing, caches" },
  { id: "order", question: "Who goes first?", about: "Scheduling, fairness" },
  { id: "trust", question: "Can it be trusted?", about: "Theory, measured runs" },
] as const;
export type Question = (typeof QUESTIONS)[number]["id"];

export type Topic = "Autoscaling" | "Routing" | "Scheduling" | "Fairness" | "Laws" | "Validation";

export interface CardRun {
  /** Name by which `read` finds its figures. */
  readonly key: string;
  readonly scenario: Scenario;
  /** What is asked beside the figures of a run. */
  readonly measure?: Measure;
}

export type CardPoint = readonly [x: number, y: number];

/** A line (or steps, or bars over categories) of ours, and what was published of it. */
export interface CardSeries {
  readonly name: string;
  readonly kind: "line" | "step" | "bars";
  readonly ours: readonly CardPoint[];
  /** Drawn as open circles. */
  readonly published: readonly CardPoint[];
}

export interface CardChart {
  /** Title of the axis with its unit. */
  readonly x: string;
  readonly y: string;
  /** Names of x = 0, 1, 2, ... for bars. */
  readonly categories?: readonly string[];
  readonly series: readonly CardSeries[];
}

/** What counts as reproduced: a largest difference (of the published number, or in its unit), or on one side only, as shares of the published number. */
export type Tolerance =
  { readonly relative: number } | { readonly absolute: number } | { readonly atMost: number } | { readonly atLeast: number };

/** A published number beside ours. */
export interface CardValue {
  readonly name: string;
  /** "" for a plain number. Shares have the unit "%", and are given in it. */
  readonly unit: string;
  readonly published: number;
  readonly ours: number;
  readonly within: Tolerance;
}

export interface CardFigure {
  readonly chart: CardChart;
  readonly values: readonly CardValue[];
  /** Requests of all runs. */
  readonly requests: number;
}

export interface Card {
  /** Never changes once released: links and command lines name it. */
  readonly id: string;
  /** What the figure says, as a claim. */
  readonly title: string;
  readonly question: Question;
  readonly topic: Topic;
  /** Work and figure, in a few words; and where its numbers stand. */
  readonly from: string;
  readonly source: string;
  /** What to take home, in at most two lines of the page. */
  readonly lesson: string;
  /** Why the tolerances are what they are, and what differs from the original. */
  readonly differences: string;
  /** What opens in the workbench. Scenarios are made when they are asked for: a gallery that is only looked at makes none. */
  readonly scenario: () => Scenario;
  readonly runs: () => Iterable<CardRun>;
  /** `of` throws for a key that is not in `runs`. */
  readonly read: (of: (key: string) => MeasuredFigures) => Omit<CardFigure, "requests">;
}

export function isWithin({ published, ours, within }: CardValue): boolean {
  if ("atMost" in within) return ours <= published * (1 + within.atMost);
  if ("atLeast" in within) return ours >= published * (1 - within.atLeast);
  return Math.abs(ours - published) <= ("relative" in within ? Math.abs(published) * within.relative : within.absolute);
}

/** How many of a figure's numbers are reproduced. */
export const reproduced = ({ values }: CardFigure): number => values.filter(isWithin).length;
