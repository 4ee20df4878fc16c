// Decisions of autoscalers in words and as a table: what the policy saw, what it answered, what was ordered, and when that was done. Loaded when asked for.
import { ReplicaState } from "../../../engine/contracts.ts";
import type { FleetEvent, ScalingDecision } from "../../../engine/metrics/results.ts";
import { autoscaling } from "../../../policies/autoscaling/index.ts";
import type { Pool, Scenario } from "../../../scenario/types.ts";
import type { RunPicture } from "../../rpc/protocol.ts";
import type { TableColumn, TableData } from "../../ui/chart/table-data.ts";
import { clock, counted, fixed, integer, listed, seconds, significant } from "../../ui/format.ts";

export interface DecisionStory {
  /** "3 to 5 replicas". */
  readonly name: string;
  /** "at 12:05, chat". */
  readonly state: string;
  /** What the policy asked for, and what the limits left of it. */
  readonly asked: string;
  /** Numbers that it rested on. */
  readonly reasons: readonly (readonly [name: string, value: string])[];
  /** What the fleet had, by state. */
  readonly had: string;
  /** When the order was carried out; "" where nothing was ordered. */
  readonly outcome: string;
  /** From the decision until the order was, or will be, carried out; NaN where nothing was ordered. */
  readonly doneAt: number;
}

/** Beginnings of the orders' events lie this close to the time they were ordered for: sums of seconds are rounded. */
const CLOSE = 1e-6;

const before = ({ ready, starting, leaving }: ScalingDecision): number => ready + starting - leaving;

/** Numbers that policies name have no unit of their own: up to four digits, no trailing zeros. */
export const reasonText = (value: number): string =>
  Math.abs(value) >= 1000
    ? integer(value)
    : significant(value, 4)
        .replace(/(\.\d*?)0+$/, "$1")
        .replace(/\.$/, "");

const policyOf = (pool: Pool | undefined): string => autoscaling.find(({ id }) => id === pool?.autoscaling.id)?.label ?? "The autoscaler";

function askedOf({ answered, ordered }: ScalingDecision, pool: Pool | undefined): string {
  const size = Math.abs(answered);
  const wish = `${policyOf(pool)} asked for ${Number.isInteger(size) ? integer(size) : fixed(size, 2)} ${answered > 0 ? "more" : "fewer"}`;
  if (Math.abs(ordered) >= Math.trunc(size)) return `${wish}.`;
  const left = ordered === 0 ? "none" : integer(Math.abs(ordered));
  return `${wish}; the limits${pool === undefined ? "" : ` of ${pool.minReplicas} to ${pool.maxReplicas}`} left ${left}.`;
}

function hadOf({ ready, starting, draining, leaving }: ScalingDecision): string {
  const parts = [
    `${integer(ready)} ready${leaving > 0 ? ` (${integer(leaving)} leaving)` : ""}`,
    starting > 0 ? `${integer(starting)} starting` : "",
    draining > 0 ? `${integer(draining)} draining` : "",
  ];
  return parts.filter((part) => part !== "").join(", ");
}

/** The events with which this order began, one per replica. */
function begun(picture: RunPicture, decision: ScalingDecision, pool: Pool | undefined): readonly FleetEvent[] {
  const up = decision.ordered > 0;
  const at = decision.at + (up ? 0 : (pool?.scaleDownSeconds ?? 0));
  const state = up ? ReplicaState.starting : ReplicaState.draining;
  return picture.events.filter(
    (event) =>
      event.state === state &&
      event.reason === "autoscaler" &&
      Math.abs(event.at - at) <= CLOSE &&
      picture.fleet.replicas[event.replica]?.pool === decision.pool,
  );
}

function namesOf(picture: RunPicture, events: readonly FleetEvent[]): string {
  const names = events.map(({ replica }) => picture.fleet.replicas[replica]?.name ?? `replica ${replica + 1}`);
  return names.length > 3 ? counted(names.length, "replica") : listed(names);
}

/** When the last of these replicas came into a state; NaN while one has not. */
function reachedAt(picture: RunPicture, events: readonly FleetEvent[], state: ReplicaState): number {
  let last = -Infinity;
  for (const { replica, at } of events) {
    const reached = picture.events.find((event) => event.replica === replica && event.state === state && event.at >= at);
    last = Math.max(last, reached?.at ?? NaN);
  }
  return Number.isFinite(last) ? last : NaN;
}

function outcomeOf(picture: RunPicture, decision: ScalingDecision, pool: Pool | undefined): Pick<DecisionStory, "outcome" | "doneAt"> {
  const { at, ordered } = decision;
  if (ordered === 0) return { outcome: "", doneAt: NaN };
  const events = begun(picture, decision, pool);
  const who = namesOf(picture, events);
  const one = events.length === 1;
  if (ordered > 0) {
    if (events.length === 0) return { outcome: "", doneAt: NaN };
    const ready = reachedAt(picture, events, ReplicaState.ready);
    const due = Math.max(...events.map((event) => event.until ?? NaN));
    if (Number.isNaN(ready)) return { outcome: `${who} ${one ? "is" : "are"} to be ready at ${clock(due)}.`, doneAt: due };
    return { outcome: `${who} ${one ? "was" : "were"} ready at ${clock(ready)}, ${seconds(ready - at)} later.`, doneAt: ready };
  }
  if (events.length === 0) {
    const due = at + (pool?.scaleDownSeconds ?? 0);
    if (due <= picture.progress.simTime) return { outcome: "None left: the last ready replica stays.", doneAt: NaN };
    return { outcome: `${counted(-ordered, "replica")} will take no more requests from ${clock(due)}.`, doneAt: due };
  }
  const gone = reachedAt(picture, events, ReplicaState.gone);
  const began = events[0]!.at;
  const took = `${who} took no more requests from ${clock(began)}`;
  if (Number.isNaN(gone))
    return { outcome: `${took}, and ${one ? "finishes" : "finish"} what ${one ? "it has" : "they have"}.`, doneAt: began };
  return { outcome: `${took}, and ${one ? "was" : "were"} gone at ${clock(gone)}.`, doneAt: gone };
}

/** One decision; null when the run has none of this number. */
export function decisionStory(picture: RunPicture, scenario: Scenario | null, index: number): DecisionStory | null {
  const decision = picture.decisions[index];
  if (decision === undefined) return null;
  const pool = scenario?.pools[decision.pool];
  const from = before(decision);
  const where = picture.fleet.pools.length > 1 ? `, ${picture.fleet.pools[decision.pool]?.name ?? ""}` : "";
  return {
    name:
      decision.ordered === 0
        ? `${counted(from, "replica")}, no change`
        : `${integer(from)} to ${counted(from + decision.ordered, "replica")}`,
    state: `at ${clock(decision.at)}${where}`,
    asked: askedOf(decision, pool),
    reasons: decision.because.map(([name, value]) => [name, reasonText(value)]),
    had: hadOf(decision),
    ...outcomeOf(picture, decision, pool),
  };
}

/** The same as one text, for screen readers. */
export const decisionText = ({ name, state, asked, reasons, had, outcome }: DecisionStory): string =>
  [
    `${name} ${state}.`,
    asked,
    `It had ${had}.`,
    reasons.length > 0 ? `It saw: ${reasons.map((row) => row.join(" ")).join(", ")}.` : "",
    outcome,
  ]
    .filter((part) => part !== "")
    .join(" ");

/** All decisions: time, pool, before, answered, ordered, reasons. */
export function decisionTable({ decisions, fleet }: RunPicture): TableData {
  const at = (row: number): ScalingDecision => decisions[row] as ScalingDecision;
  const number = (label: string, value: (decision: ScalingDecision) => number): TableColumn => ({
    label,
    raw: (row) => value(at(row)),
    show: (row) => fixed(value(at(row)), Number.isInteger(value(at(row))) ? 0 : 2),
  });
  const text = (label: string, value: (decision: ScalingDecision) => string): TableColumn => ({
    label,
    raw: (row) => value(at(row)),
    show: (row) => value(at(row)),
  });
  const reasons = [...new Set(decisions.flatMap(({ because }) => because.map(([name]) => name)))];
  const reason = (name: string): TableColumn => {
    const value = (row: number): number => at(row).because.find(([own]) => own === name)?.[1] ?? NaN;
    return { label: name, raw: value, show: (row) => (Number.isNaN(value(row)) ? "\u2013" : reasonText(value(row))) };
  };
  return {
    title: "Decisions of autoscalers",
    length: decisions.length,
    columns: [
      { label: "Time", unit: "s", head: "Time", raw: (row) => at(row).at, show: (row) => clock(at(row).at) },
      ...(fleet.pools.length > 1 ? [text("Pool", ({ pool }) => fleet.pools[pool]?.name ?? "")] : []),
      number("Before", before),
      number("Answered", ({ answered }) => answered),
      number("Ordered", ({ ordered }) => ordered),
      number("Ready", ({ ready }) => ready),
      number("Starting", ({ starting }) => starting),
      number("Draining", ({ draining }) => draining),
      number("Leaving", ({ leaving }) => leaving),
      ...reasons.map(reason),
    ],
  };
}
