// Requests of a trace: a window of it, scaled, perhaps over and over.
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
  const { stream, states } = openStreams(options.random);
  const { rateScale, promptScale, outputScale } = options;
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
  const own = trace.tenant;
  const sessions = trace.session;
  const prefix = trace.prefix;
  let lastSession = -1;
  if (sessions !== null) for (let i = begin; i < end; i++) if (sessions[i]! > lastSession) lastSession = sessions[i]!;
  const pickTenant = tenantPicker(options.tenants, stream("tenants"));
  const classes = Int32Array.from(options.tenants, (tenant) => tenant.sloClass);
  const state = { taken: 0, index: begin, round: 0, streams: states };

  const timeNow = (): number => (times[state.index]! - window.from + state.round * round) / rateScale;
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
  return {
    state,
    expected: expected === Infinity ? NaN : expected,
    duration: duration === Infinity ? NaN : duration,
    prefixBlockTokens: prefix?.blockTokens ?? 0,
    prefixIds: prefix?.ids ?? NO_IDS,
    nextAt: () => {
      if (state.taken >= maxRequests) return Infinity;
      const at = timeNow();
      return at < maxSeconds ? at : Infinity;
    },
    take: (into) => {
      const i = state.index;
      into.arrivedAt = timeNow();
      into.promptTokens = trace.promptTokens[i]!;
      into.outputTokens = trace.outputTokens[i]!;
      const session = sessions === null ? -1 : sessions[i]!;
      into.session = session < 0 ? -1 : session + state.round * (lastSession + 1);
      if (prefix === null) {
        into.prefixStart = 0;
        into.prefixCount = 0;
      } else {
        into.prefixStart = prefix.start[i]!;
        into.prefixCount = prefix.start[i + 1]! - prefix.start[i]!;
      }
      scaleLengths(into, promptScale, outputScale, prefix?.blockTokens ?? 1);
      const tenant = own === null ? pickTenant() : own[i]!;
      into.tenant = tenant;
      into.sloClass = classes[tenant] ?? 0;
      state.taken++;
      if (++state.index >= end) {
        state.index = begin;
        state.round++;
      }
    },
  };
}
