// The run in one sentence, from its results: how good, how much, how many late, when, and what the fleet was doing then.
import { ReplicaState } from "../../../engine/contracts.ts";
import type { FleetEvent, Series } from "../../../engine/metrics/results.ts";
import type { RunPicture } from "../../rpc/protocol.ts";
import { clock, counted, integer, listed, money, percent, times, trimmed, withUnit } from "../../ui/format.ts";

export interface StoryPart {
  readonly text: string;
  readonly tone?: "value" | "late";
}

/** Buckets [from, to) that hold this share of the late requests. */
export interface LateWindow {
  readonly from: number;
  readonly to: number;
  readonly share: number;
}

/** A window is worth naming when it is short against the run. */
const SHORT = 0.3;
/** Fewer late requests than this are told without a window: two of three say nothing about the fleet. */
const ENOUGH = 5;

/** The shortest window of buckets with at least `share` of all late requests. */
export function shortestWindow(late: ArrayLike<number>, length: number, share: number): LateWindow | null {
  let total = 0;
  for (let i = 0; i < length; i++) total += late[i]!;
  if (total === 0) return null;
  let best: LateWindow | null = null;
  let sum = 0;
  let from = 0;
  for (let to = 1; to <= length; to++) {
    sum += late[to - 1]!;
    while (sum - late[from]! >= share * total) sum -= late[from++]!;
    if (sum >= share * total && (best === null || to - from < best.to - best.from)) best = { from, to, share: sum / total };
  }
  return best;
}

/** Up to two minutes in seconds, then as on the clock. */
const spanText = (seconds: number): string => (seconds <= 120 ? withUnit(trimmed(seconds), "s") : `${clock(seconds)} minutes`);

/** Shares that are tried. */
const SHARES: readonly number[] = [0.9, 0.8, 0.65, 0.5];
/** A fleet that scales is late at every step of its traffic: the worst of several steps is worth naming too. */
const SHARES_SCALED: readonly number[] = [...SHARES, 0.4];

/**
 * When most late requests arrived: a short part of the run with a large share of them. A larger share must be worth its longer window:
 * the share over the square root of the length decides, so that a burst is not stretched to the next, smaller one.
 */
export function lateWindow(series: Series, runSeconds: number, shares = SHARES): LateWindow | null {
  const most = Math.max(2 * series.bucketSeconds, SHORT * runSeconds);
  let best: LateWindow | null = null;
  let bestScore = 0;
  for (const share of shares) {
    const found = shortestWindow(series.late, series.length, share);
    if (found === null) return null;
    const seconds = (found.to - found.from) * series.bucketSeconds;
    const score = found.share / Math.sqrt(seconds);
    if (seconds > most || score <= bestScore) continue;
    bestScore = score;
    best = { from: found.from * series.bucketSeconds, to: Math.min(runSeconds, found.to * series.bucketSeconds), share: found.share };
  }
  return best;
}

export interface FleetDoings {
  readonly failed: readonly number[];
  readonly starting: readonly number[];
  readonly draining: readonly number[];
}

/** Replicas that were failed, starting (after the beginning of the run) or draining for at least `least` seconds of [from, to). */
export function fleetDuring(events: readonly FleetEvent[], from: number, to: number, least = 0): FleetDoings {
  const doing = { failed: new Set<number>(), starting: new Set<number>(), draining: new Set<number>() };
  const now = new Map<number, FleetEvent>();
  const note = (event: FleetEvent, until: number): void => {
    if (event.reason === "initial" || event.at >= to || until <= from || Math.min(to, until) - Math.max(from, event.at) < least) return;
    if (event.state === ReplicaState.failed) doing.failed.add(event.replica);
    if (event.state === ReplicaState.starting) doing.starting.add(event.replica);
    if (event.state === ReplicaState.draining) doing.draining.add(event.replica);
  };
  for (const event of events) {
    const before = now.get(event.replica);
    if (before !== undefined) note(before, event.at);
    now.set(event.replica, event);
  }
  for (const event of now.values()) note(event, event.until ?? Infinity);
  const sorted = (set: Set<number>): number[] => [...set].sort((a, b) => a - b);
  return { failed: sorted(doing.failed), starting: sorted(doing.starting), draining: sorted(doing.draining) };
}

/** Names of replicas; from the fifth on they are counted. */
function names(picture: RunPicture, replicas: readonly number[]): string {
  const all = replicas.map((index) => picture.fleet.replicas[index]?.name ?? `replica ${index + 1}`);
  return listed(all.length > 4 ? [...all.slice(0, 3), `${all.length - 3} more`] : all);
}

/** What lasted a shorter part of the window than this is not offered as its circumstance. */
const MEANT = 0.15;

/** When the first replica that was ordered by `to` became ready after `from`, and when it was ordered; null when none was ordered. */
export function scaleUpReady(
  events: readonly FleetEvent[],
  from: number,
  to: number,
): { readonly ordered: number; readonly ready: number } | null {
  let best: { ordered: number; ready: number } | null = null;
  for (const { state, reason, at, until = Infinity } of events) {
    if (reason !== "autoscaler" || state !== ReplicaState.starting || at >= to || until <= from) continue;
    if (best === null || until < best.ready) best = { ordered: at, ready: until };
  }
  return best;
}

/** Of a window, at least this part must lie before the scale-up is ready, and this share of its late requests. */
const MEANT_BEFORE = 0.4;

/**
 * What autoscalers had to do with late requests: they had asked for more than the limits allow, or what they had ordered was not ready. The window
 * then ends when it was.
 */
function scaling(
  { decisions, events, fleet, series }: RunPicture,
  window: LateWindow,
): { readonly window: LateWindow; readonly clause: string } | null {
  const cut = decisions.filter(
    ({ at, answered, ordered }) => at >= window.from && at < window.to && answered > 0 && ordered < Math.trunc(answered),
  );
  const last = cut.at(-1);
  if (last !== undefined) {
    const most = counted(last.ready + last.starting - last.leaving + last.ordered, "replica");
    const where = fleet.pools.length > 1 ? `pool ${fleet.pools[last.pool]?.name ?? ""}` : "the fleet";
    return { window, clause: `, while ${where} stood at its limit of ${most}` };
  }
  const up = scaleUpReady(events, window.from, window.to);
  if (up === null || up.ready < window.from + MEANT_BEFORE * (window.to - window.from)) return null;
  const { bucketSeconds: width, late, length } = series;
  const to = Math.min(window.to, Math.ceil(up.ready / width) * width);
  const sum = (from: number, end: number): number =>
    late.subarray(Math.round(from / width), Math.min(length, Math.ceil(end / width))).reduce((a, b) => a + b, 0);
  const share = sum(window.from, to) / sum(0, length * width);
  if (share < MEANT_BEFORE * window.share) return null;
  const first = events.find(({ reason }) => reason === "autoscaler")?.at === up.ordered;
  return {
    window: { ...window, to, share },
    clause: `, before the ${first ? "first scale-up" : `scale-up of ${clock(up.ordered)}`} was ready`,
  };
}

/** "c3 was down and c1, c8 and c9 were starting", or what the traffic was doing when the fleet did nothing. */
function circumstances(picture: RunPicture, window: LateWindow, { failed, starting, draining }: FleetDoings): string {
  // A replica that comes back after its failure is told once.
  const clauses = [
    [failed, "down"],
    [starting.filter((replica) => !failed.includes(replica)), "starting"],
    [draining, "draining"],
  ] as const;
  const said = clauses.flatMap(([replicas, word]) =>
    replicas.length === 0 ? [] : [`${names(picture, replicas)} ${replicas.length === 1 ? "was" : "were"} ${word}`],
  );
  if (said.length > 0) return `, while ${said.length > 1 ? `${said.slice(0, -1).join(", ")} and ${said.at(-1)}` : said[0]}`;
  const { series } = picture;
  const rate = (from: number, to: number): number => {
    let sum = 0;
    for (let i = Math.floor(from / series.bucketSeconds); i < Math.min(series.length, Math.ceil(to / series.bucketSeconds)); i++)
      sum += series.arrivals[i]!;
    return sum / Math.max(1e-9, to - from);
  };
  const ratio = rate(window.from, window.to) / rate(0, series.length * series.bucketSeconds);
  return ratio >= 1.15 ? `, when traffic was ${times(ratio, 2)} its mean` : "";
}

export function story(picture: RunPicture): readonly StoryPart[] {
  const { summary, series, progress } = picture;
  const { attainment, late } = summary.slo;
  if (attainment === null)
    return [{ text: progress.phase === "running" ? "The first requests are on their way." : "No request has ended yet." }];
  const cost = summary.cost.perHour > 0 ? [{ text: " at " }, { text: `${money(summary.cost.perHour)}/h`, tone: "value" as const }] : [];
  const parts: StoryPart[] = [
    { text: percent(attainment), tone: "value" },
    { text: " of requests meet every SLO" },
    ...cost,
    { text: ". " },
  ];
  if (late === 0) return [...parts, { text: `None of ${integer(summary.requests.completed)} is late.` }];
  parts.push({ text: `${integer(late)} late`, tone: "late" });
  const { refused, failed } = summary.requests;
  const lost = [refused > 0 ? `${integer(refused)} refused` : "", failed > 0 ? `${integer(failed)} failed` : ""].filter(
    (text) => text !== "",
  );
  if (lost.length > 0) parts.push({ text: ` (${lost.join(", ")})` });
  const seen = Math.min(series.length * series.bucketSeconds, Math.max(progress.simTime, series.bucketSeconds));
  const window = late < ENOUGH ? null : lateWindow(series, seen, picture.decisions.length > 0 ? SHARES_SCALED : SHARES);
  if (window === null) return [...parts, { text: late < ENOUGH ? "." : ", spread over the run." }];
  const doings = fleetDuring(picture.events, window.from, window.to, MEANT * (window.to - window.from));
  // A crash says more than the scale-ups that followed it.
  const scaled = doings.failed.length > 0 ? null : scaling(picture, window);
  const told = scaled?.window ?? window;
  const when = told.from === 0 ? `in the first ${spanText(told.to)}` : `between ${clock(told.from)} and ${clock(told.to)}`;
  parts.push({ text: `, ${percent(told.share, 0)} of them ${when}${scaled?.clause ?? circumstances(picture, window, doings)}.` });
  return parts;
}

export const storyText = (parts: readonly StoryPart[]): string => parts.map((part) => part.text).join("");

/** What a screen reader hears: the clock, then the story. */
export function spokenStory(picture: RunPicture): string {
  const { progress, summary } = picture;
  const state =
    progress.phase === "running"
      ? "Running"
      : progress.phase === "paused"
        ? "Paused"
        : progress.phase === "finished"
          ? "Finished"
          : "Cancelled";
  return `${state} at ${clock(progress.simTime)}, ${counted(summary.requests.completed, "request")} served. ${storyText(story(picture))}`;
}
