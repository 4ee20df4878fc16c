// One request's life and why it was late, from its columns, the replay's timeline and the fleet. Pure.
import { median } from "d3-array";
import { Status } from "../../../engine/contracts.ts";
import type { RequestLog, RequestTimeline } from "../../../engine/metrics/results.ts";
import type { SloClass } from "../../../scenario/types.ts";
import type { RunPicture } from "../../rpc/protocol.ts";
import { clock, counted, integer, limit, milliseconds, percent, seconds } from "../../ui/format.ts";
import { rowOf } from "../moment.ts";
import { tpotOf } from "../requests/filter.ts";

export interface Usual {
  /** Medians over completed requests, seconds; NaN without any. */
  readonly wait: number;
  readonly prefill: number;
  readonly tpot: number;
}

export type PhaseId = "router" | "waiting" | "prefill" | "decode";

export interface Phase {
  readonly id: PhaseId;
  readonly label: string;
  /** Pieces on the request's clock, seconds since its arrival; more than one after a preemption. */
  readonly pieces: readonly (readonly [from: number, to: number])[];
  readonly total: number;
  readonly text: string;
}

export interface Part {
  readonly text: string;
  /** late = the number that broke the limit; strong = the other key number. */
  readonly kind?: "late" | "strong";
}

export interface Due {
  /** Seconds since arrival. */
  readonly at: number;
  readonly label: string;
  /** End of the lateness; equal to `at` when it was in time. */
  readonly until: number;
  readonly text: string;
}

export interface Context {
  /** Seconds since arrival, running and waiting requests of the replica. */
  readonly at: Float64Array;
  readonly running: Float64Array;
  readonly waiting: Float64Array;
  readonly cap: number;
  /** Largest share of the replica's KV blocks in use while the request waited; NaN where it is not known. */
  readonly kv: number;
}

export interface WhyModel {
  readonly id: number;
  readonly title: string;
  readonly facts: string;
  readonly sentence: readonly Part[];
  readonly phases: readonly Phase[];
  readonly due: Due | null;
  readonly replica: string;
  readonly context: Context | null;
  /** End of the time axis, seconds. */
  readonly end: number;
  /** Times of preemptions, seconds since arrival. */
  readonly preempted: readonly number[];
}

export interface WhyInput {
  readonly log: RequestLog;
  readonly row: number;
  readonly slo: SloClass | null;
  readonly tenant: string;
  readonly picture: RunPicture | null;
  readonly timeline: RequestTimeline | null;
  readonly usual: Usual;
}

/** Largest number of requests that medians are computed from exactly; of more, every n-th is taken. */
const SAMPLE = 100_000;

export function usualOf(log: RequestLog): Usual {
  const stride = Math.max(1, Math.ceil(log.length / SAMPLE));
  const wait: number[] = [];
  const prefill: number[] = [];
  const tpot: number[] = [];
  for (let row = 0; row < log.length; row += stride) {
    if (log.status[row] !== Status.completed) continue;
    const scheduled = log.scheduledAt[row] as number;
    wait.push(scheduled - (log.arrivedAt[row] as number));
    prefill.push((log.firstTokenAt[row] as number) - scheduled);
    const each = tpotOf(log, row);
    if (!Number.isNaN(each)) tpot.push(each);
  }
  return { wait: median(wait) ?? NaN, prefill: median(prefill) ?? NaN, tpot: median(tpot) ?? NaN };
}

interface Pieces {
  readonly router: [number, number][];
  readonly waiting: [number, number][];
  readonly prefill: [number, number][];
  readonly decode: [number, number][];
  readonly preempted: number[];
}

const phaseAfter = (kind: string, now: PhaseId): PhaseId =>
  kind === "routed" || kind === "preempted"
    ? "waiting"
    : kind === "scheduled"
      ? "prefill"
      : kind === "first-token"
        ? "decode"
        : kind === "held"
          ? "router"
          : now;

/** Cuts the life into phases. Times are relative to the arrival. */
export function piecesOf(log: RequestLog, row: number, timeline: RequestTimeline | null): Pieces {
  const arrived = log.arrivedAt[row] as number;
  const end = log.finishedAt[row] as number;
  const pieces: Pieces = { router: [], waiting: [], prefill: [], decode: [], preempted: [] };
  const push = (phase: PhaseId, from: number, to: number): void => {
    if (to > from) pieces[phase].push([from - arrived, to - arrived]);
  };
  if (!timeline || timeline.events.length === 0) {
    const scheduled = log.scheduledAt[row] as number;
    const first = log.firstTokenAt[row] as number;
    push("waiting", arrived, Number.isNaN(scheduled) ? end : scheduled);
    if (!Number.isNaN(scheduled)) push("prefill", scheduled, Number.isNaN(first) ? end : first);
    if (!Number.isNaN(first)) push("decode", first, end);
    return pieces;
  }
  let phase: PhaseId = "router";
  let since = arrived;
  let decoding = false;
  for (const event of timeline.events) {
    if (event.kind === "preempted") pieces.preempted.push(event.at - arrived);
    let next = phaseAfter(event.kind, phase);
    // After a preemption the last chunk of the second prefill ends without a first-token event: decode goes on from there.
    if (event.kind === "first-token") decoding = true;
    if (event.kind === "finished") next = phase;
    if (next !== phase) {
      push(phase, since, event.at);
      since = event.at;
      phase = next;
    }
  }
  const lastChunk = [...timeline.events].reverse().find((event) => event.kind === "chunk");
  if (decoding && phase === "prefill" && lastChunk && lastChunk.at > since) {
    push("prefill", since, lastChunk.at);
    since = lastChunk.at;
    phase = "decode";
  }
  push(phase, since, end);
  return pieces;
}

const sum = (pieces: readonly (readonly [number, number])[]): number => pieces.reduce((total, [from, to]) => total + to - from, 0);

function kvWhileWaiting(picture: RunPicture, index: number, arrived: number, scheduled: number): number {
  const replica = picture.fleet.replicas[index];
  const dt = picture.fleet.sampleSeconds;
  let most = NaN;
  for (let sample = Math.floor(arrived / dt); replica && sample <= Math.ceil(scheduled / dt); sample++) {
    const row = rowOf(replica, sample);
    if (row < 0) continue;
    const share = (replica.kvUsedBlocks[row] as number) / Math.max(1, replica.kvBlocks);
    if (!(share <= most)) most = share;
  }
  return most;
}

/** Load of the replica on the request's clock: from the timeline, else from the fleet's samples. */
export function contextOf(input: WhyInput, end: number): Context | null {
  const { log, row, picture, timeline } = input;
  const arrived = log.arrivedAt[row] as number;
  const index = log.replica[row] as number;
  const replica = picture?.fleet.replicas[index];
  const cap = picture?.fleet.pools[replica?.pool ?? log.pool[row] ?? 0]?.batchCap ?? 0;
  const kv = picture && replica ? kvWhileWaiting(picture, index, arrived, log.scheduledAt[row] as number) : NaN;
  if (timeline && timeline.replica.at.length > 1) {
    const at = timeline.replica.at.map((t) => t - arrived);
    return { at, running: timeline.replica.running, waiting: timeline.replica.waiting, cap, kv };
  }
  if (!picture || !replica) return null;
  const dt = picture.fleet.sampleSeconds;
  const first = Math.floor(arrived / dt);
  const count = Math.max(2, Math.ceil((arrived + end) / dt) - first + 1);
  const at = Float64Array.from({ length: count }, (_, i) => (first + i) * dt - arrived);
  const read = (pick: (at: number) => number): Float64Array =>
    Float64Array.from({ length: count }, (_, i) => {
      const position = rowOf(replica, first + i);
      return position < 0 ? NaN : pick(position);
    });
  return {
    at,
    running: read((i) => (replica.decoding[i] as number) + (replica.prefilling[i] as number)),
    waiting: read((i) => replica.waiting[i] as number),
    cap,
    kv,
  };
}

/** Step function's value at a time. */
function stepAt(context: Context, column: Float64Array, time: number): number {
  let value = NaN;
  for (let i = 0; i < context.at.length && (context.at[i] as number) <= time + 1e-9; i++) value = column[i] as number;
  return Number.isNaN(value) ? (column[0] ?? NaN) : value;
}

function meanBetween(context: Context, column: Float64Array, from: number, to: number): number {
  let total = 0;
  let count = 0;
  for (let i = 0; i < context.at.length; i++) {
    const t = context.at[i] as number;
    if (t < from || t > to || Number.isNaN(column[i])) continue;
    total += column[i] as number;
    count++;
  }
  return count ? total / count : NaN;
}

const usually = (value: number): string => (Number.isFinite(value) ? `, usual ${seconds(value)}` : "");

export function selectWhy(input: WhyInput): WhyModel {
  const { log, row, slo, tenant, picture, timeline, usual } = input;
  const id = log.id[row] as number;
  const arrived = log.arrivedAt[row] as number;
  const status = log.status[row];
  const life = Math.max(0, (log.finishedAt[row] as number) - arrived) || 0;
  const prompt = log.promptTokens[row] as number;
  const output = log.outputTokens[row] as number;
  const index = log.replica[row] as number;
  const replica = picture?.fleet.replicas[index]?.name ?? (index >= 0 ? `replica ${index + 1}` : "no replica");
  const facts = `${tenant}, ${integer(prompt)} in, ${integer(output)} out`;
  const pieces = piecesOf(log, row, timeline);
  const end = Math.max(life * 1.06, 1e-3);
  const context = index >= 0 ? contextOf(input, end) : null;
  const ttft = (log.firstTokenAt[row] as number) - arrived;
  const tpot = tpotOf(log, row);
  const wait = sum(pieces.waiting);
  const prefill = sum(pieces.prefill);
  const held = sum(pieces.router);
  const phases: Phase[] = [];
  if (timeline) phases.push({ id: "router", label: "In the router", pieces: pieces.router, total: held, text: seconds(held) });
  phases.push({
    id: "waiting",
    label: index >= 0 ? `Waiting on ${replica}` : "Waiting",
    pieces: pieces.waiting,
    total: wait,
    text: `${seconds(wait)}${usually(usual.wait)}`,
  });
  if (Number.isFinite(log.scheduledAt[row]))
    phases.push({
      id: "prefill",
      label: "Prefill",
      pieces: pieces.prefill,
      total: prefill,
      text: `${seconds(prefill)}${usually(usual.prefill)}`,
    });
  if (Number.isFinite(log.firstTokenAt[row]))
    phases.push({
      id: "decode",
      label: "Decode",
      pieces: pieces.decode,
      total: sum(pieces.decode),
      text: Number.isNaN(tpot) ? counted(output, "token") : `${integer(output)} tokens at ${milliseconds(tpot)}`,
    });
  const base = { id, facts, phases, replica, context, end, preempted: pieces.preempted };

  if (status === Status.refused || status === Status.failed) {
    const verb = status === Status.refused ? "refused" : "lost";
    const sentence: Part[] = [
      { text: `It was ${verb} at ${clock(log.finishedAt[row], 1)}, ` },
      { text: seconds(life), kind: "late" },
      { text: ` after it arrived. ` },
    ];
    if (status === Status.refused) sentence.push({ text: "Admission or the router did not take it, and it counts as late." });
    else if (output === 0) sentence.push({ text: "It had failed at its origin already: the trace has no output for it." });
    else sentence.push({ text: "It could not be served, and it counts as late." });
    return {
      ...base,
      title: `Why did request ${id} fail?`
        .replace("did", status === Status.refused ? "was" : "did")
        .replace("fail?", status === Status.refused ? "refused?" : "fail?"),
      sentence,
      due: null,
    };
  }

  const over = {
    ttft: slo?.ttft != null && ttft > slo.ttft ? ttft - slo.ttft : 0,
    tpot: slo?.tpot != null && tpot > slo.tpot ? tpot - slo.tpot : 0,
    e2e: slo?.e2e != null && life > slo.e2e ? life - slo.e2e : 0,
  };
  if (over.ttft === 0 && over.tpot === 0 && over.e2e === 0) {
    const sentence: Part[] = [{ text: "First token after " }, { text: seconds(ttft), kind: "strong" }];
    if (slo?.ttft != null) sentence.push({ text: ` of ${limit(slo.ttft)} allowed` });
    if (!Number.isNaN(tpot)) {
      sentence.push({ text: ", then " }, { text: milliseconds(tpot), kind: "strong" }, { text: " per token" });
      if (slo?.tpot != null) sentence.push({ text: ` of ${limit(slo.tpot)}` });
    }
    sentence.push({
      text: `. It waited ${seconds(wait)}${usually(usual.wait)}, and its last token came ${seconds(life)} after it arrived${slo?.e2e != null ? ` of ${limit(slo.e2e)} allowed` : ""}.`,
    });
    const due: Due | null =
      slo?.ttft != null && slo.ttft <= end ? { at: slo.ttft, label: "first token due", until: slo.ttft, text: "" } : null;
    return {
      ...base,
      title: slo && (slo.ttft ?? slo.tpot ?? slo.e2e) !== null ? `Request ${id} met its SLOs` : `Request ${id}`,
      sentence,
      due,
    };
  }

  const sentence: Part[] = [];
  let due: Due;
  if (over.ttft > 0) {
    const bound = slo?.ttft as number;
    due = { at: bound, label: "first token due", until: ttft, text: `${seconds(over.ttft)} late` };
    sentence.push(
      { text: "First token after " },
      { text: seconds(ttft), kind: "late" },
      { text: `, ${seconds(over.ttft)} past its deadline. ` },
    );
    sentence.push({ text: ttftCause({ held, wait, prefill, ttft, replica, context, prompt, timeline, usual, pieces }) });
  } else if (over.tpot > 0) {
    const bound = slo?.tpot as number;
    const at = ttft + bound * Math.max(1, output - 1);
    due = { at, label: "last token due", until: life, text: `${seconds(life - at)} late` };
    sentence.push(
      { text: "One token every " },
      { text: milliseconds(tpot), kind: "late" },
      { text: ` on average, ${milliseconds(over.tpot)} over the limit of ${limit(bound)}. ` },
    );
    const others = context ? meanBetween(context, context.running, ttft, life) : NaN;
    if (Number.isFinite(others))
      sentence.push({
        text: `While it decoded on ${replica}, its batch held ${integer(others)} requests on average${context && context.cap > 0 ? ` of ${integer(context.cap)}` : ""}`,
      });
    else sentence.push({ text: `It decoded on ${replica}` });
    sentence.push({ text: `; the usual time per token in this run is ${milliseconds(usual.tpot)}.` });
  } else {
    const bound = slo?.e2e as number;
    due = { at: bound, label: "last token due", until: life, text: `${seconds(over.e2e)} late` };
    sentence.push(
      { text: "Last token after " },
      { text: seconds(life), kind: "late" },
      { text: `, ${seconds(over.e2e)} past its deadline. ` },
    );
    const longest = [...phases].sort((a, b) => b.total - a.total)[0];
    if (longest) sentence.push({ text: `Most of it was ${longest.id === "router" ? "time in the router" : longest.id}: ${longest.text}.` });
  }
  const preemptions = log.preemptions[row] as number;
  if (preemptions > 0)
    sentence.push({
      text: ` It was preempted ${preemptions === 1 ? "once" : counted(preemptions, "time")} and computed its tokens again.`,
    });
  if (over.ttft > 0 && over.tpot > 0) sentence.push({ text: ` Each token then took ${milliseconds(tpot)}, also over its limit.` });
  return { ...base, end: Math.max(end, due.at * 1.02), title: `Why was request ${id} late?`, sentence, due };
}

interface Cause {
  readonly held: number;
  readonly wait: number;
  readonly prefill: number;
  readonly ttft: number;
  readonly replica: string;
  readonly context: Context | null;
  readonly prompt: number;
  readonly timeline: RequestTimeline | null;
  readonly usual: Usual;
  readonly pieces: Pieces;
}

/** Where the time to the first token went: phases in order, small ones left out, each with its reason where the data shows it. */
function ttftCause(c: Cause): string {
  const clauses: string[] = [];
  const waitFrom = c.pieces.waiting[0]?.[0] ?? 0;
  const before = (phase: readonly (readonly [number, number])[]): number =>
    phase.reduce((total, [from, to]) => total + Math.max(0, Math.min(to, c.ttft) - from), 0);
  const wait = before(c.pieces.waiting);
  const prefill = before(c.pieces.prefill);
  if (c.held > 0.1 * c.ttft) clauses.push(`was held at the router for ${seconds(c.held)}`);
  if (wait > 0.1 * c.ttft) {
    let text = `waited ${seconds(wait)}`;
    if (c.context) {
      const queue = stepAt(c.context, c.context.waiting, waitFrom);
      const batch = stepAt(c.context, c.context.running, waitFrom);
      // The request itself may stand in the sampled queue.
      const ahead = Math.max(0, Math.round(queue));
      text += ahead > 0 ? ` behind ${counted(ahead, "request")} on ${c.replica}` : ` on ${c.replica}`;
      if (c.context.cap > 0 && batch >= c.context.cap - 1) text += `, whose batch was full at ${integer(c.context.cap)}`;
      else if (c.context.kv >= 0.95) text += `, whose KV cache was ${percent(Math.min(1, c.context.kv), 0)} full`;
      else if (Number.isFinite(batch))
        text += `, whose batch held ${integer(batch)}${c.context.cap > 0 ? ` of ${integer(c.context.cap)}` : ""}`;
    } else text += ` on ${c.replica}`;
    clauses.push(text);
  }
  if (prefill > 0.05 * c.ttft || clauses.length === 0) {
    const chunks =
      c.timeline?.events.filter((event) => event.kind === "chunk" && event.at <= (c.timeline?.events[0]?.at ?? 0) + c.ttft + 1e-9) ?? [];
    const shared = chunks.reduce((most, event) => Math.max(most, event.sharedWith ?? 0), 0);
    let text = `its prefill of ${integer(c.prompt)} tokens took ${seconds(prefill)}`;
    if (chunks.length > 1) text += ` in ${counted(chunks.length, "chunk")}`;
    if (shared > 0) text += `${chunks.length > 1 ? "" : " in a batch"} shared with ${counted(shared, "decode")}`;
    if (prefill > 3 * c.usual.prefill && Number.isFinite(c.usual.prefill)) text += ` (usual ${seconds(c.usual.prefill)})`;
    clauses.push(clauses.length ? `then ${text}` : text);
  }
  const first = clauses[0] ?? "";
  const subject = first.startsWith("its ") ? first.replace("its", "Its") : `It ${first}`;
  return `${[subject, ...clauses.slice(1)].join("; ")}.`;
}
