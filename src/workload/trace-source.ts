// Requests of a trace: a window of it, scaled, perhaps over and over.
import type { ArrivalRow } from "../engine/contracts.ts";
import { tenantPicker, openStreams, scaleLengths, NO_IDS } from "./source.ts";
import type { SourceOptions, WorkloadSource } from "./source.ts";
import type { Trace } from "./types.ts";

export interface TraceWindow {
  /** Seconds of the trace, [from, to); to = null means to the end. */
  readonly from: number;
  readonly to: number | null;
  /** Start again at the end, until a limit is reached. */
  readonly loop: boolean;
}

/** First index whose time is at least `time`. */
function lowerBound(times: Float64Array, time: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle]! < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Time is seconds from the start of the window, divided by rateScale. A trace with tenants of its own keeps them: options.tenants must then
 * list those of the trace, by its index; otherwise tenants are drawn by share.
 */
export function traceSource(trace: Trace, window: TraceWindow, options: SourceOptions): WorkloadSource {
  return new TraceSource(trace, window, options);
}

/** A class, where other sources are closures: with closures made for each run, JavaScript engines compile anew whatever calls them for each arrival. */
class TraceSource implements WorkloadSource {
  /** `at`: time of the row that comes next; Infinity when none does. */
  readonly state: { taken: number; index: number; round: number; at: number; readonly streams: Record<string, Uint32Array> };
  readonly expected: number;
  readonly duration: number;
  readonly prefixBlockTokens: number;
  readonly prefixIds: Int32Array;
  private readonly trace: Trace;
  private readonly times: Float64Array;
  private readonly from: number;
  /** Rows of the window: [begin, end). */
  private readonly begin: number;
  private readonly end: number;
  /** Seconds of the trace that a round of the loop takes. */
  private readonly round: number;
  private readonly rateScale: number;
  private readonly promptScale: number;
  private readonly outputScale: number;
  private readonly maxRequests: number;
  private readonly maxSeconds: number;
  /** Sessions of a round. */
  private readonly sessions: number;
  private readonly pickTenant: () => number;
  private readonly classes: Int32Array;

  constructor(trace: Trace, window: TraceWindow, options: SourceOptions) {
    const { stream, states } = openStreams(options.random);
    const { rateScale } = options;
    const times = trace.arrivedAt.subarray(0, trace.length);
    const begin = lowerBound(times, window.from);
    const end = window.to === null ? trace.length : lowerBound(times, window.to);
    const count = Math.max(0, end - begin);
    const lastAt = count > 0 ? times[end - 1]! : window.from;
    // A round of an endless loop lasts as long as the window; without an end of the window, one mean gap more than the rows span.
    const span = lastAt - window.from;
    const round = window.to === null ? (span > 0 ? span + span / Math.max(1, count - 1) : 1) : window.to - window.from;
    const maxSeconds = options.maxSeconds ?? Infinity;
    const endless = window.loop && count > 0;
    const maxRequests = Math.min(options.maxRequests ?? Infinity, endless ? Infinity : count);
    this.trace = trace;
    this.times = times;
    this.from = window.from;
    this.begin = begin;
    this.end = end;
    this.round = round;
    this.rateScale = rateScale;
    this.promptScale = options.promptScale;
    this.outputScale = options.outputScale;
    this.maxRequests = maxRequests;
    this.maxSeconds = maxSeconds;
    let lastSession = -1;
    if (endless && trace.session !== null) for (let i = begin; i < end; i++) lastSession = Math.max(lastSession, trace.session[i]!);
    this.sessions = lastSession + 1;
    this.pickTenant = tenantPicker(options.tenants, stream("tenants"));
    this.classes = Int32Array.from(options.tenants, (tenant) => tenant.sloClass);
    this.state = { taken: 0, index: begin, round: 0, at: -0, streams: states };
    this.readTime();
    this.prefixBlockTokens = trace.prefix?.blockTokens ?? 0;
    this.prefixIds = trace.prefix?.ids ?? NO_IDS;

    const perRound = round / rateScale;
    const withinRound =
      maxSeconds === Infinity ? 0 : lowerBound(times.subarray(begin, end), window.from + (maxSeconds % perRound) * rateScale);
    const inTime =
      maxSeconds === Infinity
        ? Infinity
        : endless
          ? Math.floor(maxSeconds / perRound) * count + withinRound
          : lowerBound(times.subarray(begin, end), window.from + maxSeconds * rateScale);
    const expected = Math.min(maxRequests, inTime);
    const spanned = endless
      ? (maxRequests / Math.max(1, count)) * perRound
      : count > 0 && expected > 0
        ? (times[begin + Math.min(count, expected) - 1]! - window.from) / rateScale
        : 0;
    const duration = Math.min(spanned, maxSeconds);
    this.expected = expected === Infinity ? NaN : expected;
    this.duration = duration === Infinity ? NaN : duration;
  }

  private readTime(): void {
    const { state } = this;
    const at = (this.times[state.index]! - this.from + state.round * this.round) / this.rateScale;
    state.at = at;
    if (!(state.taken < this.maxRequests && at < this.maxSeconds)) state.at = Infinity;
  }

  nextAt(): number {
    return this.state.at;
  }

  take(into: ArrivalRow): void {
    const { trace, state } = this;
    const { session, prefix } = trace;
    const i = state.index;
    into.arrivedAt = state.at;
    into.promptTokens = trace.promptTokens[i]!;
    into.outputTokens = trace.outputTokens[i]!;
    into.session = session === null || session[i]! < 0 ? -1 : session[i]! + state.round * this.sessions;
    into.prefixStart = prefix === null ? 0 : prefix.start[i]!;
    into.prefixCount = prefix === null ? 0 : prefix.start[i + 1]! - prefix.start[i]!;
    scaleLengths(into, this.promptScale, this.outputScale, prefix?.blockTokens ?? 1);
    const tenant = trace.tenant === null ? this.pickTenant() : trace.tenant[i]!;
    into.tenant = tenant;
    into.sloClass = this.classes[tenant] ?? 0;
    state.taken++;
    if (++state.index >= this.end) {
      state.index = this.begin;
      state.round++;
    }
    this.readTime();
  }
}
