// A rate that changes in time, as straight pieces, and the clock that maps unit-rate time to seconds: a process with unit rate on the
// first clock has the given rate on the second. Steps are pieces with equal ends. The pieces may repeat.

export interface RatePieces {
  /** Start of each piece, seconds; the first is 0. */
  readonly start: Float64Array;
  /** Rate at the start and at the end of each piece, per second. */
  readonly from: Float64Array;
  readonly to: Float64Array;
  /** End of the last piece: Infinity when it lasts for ever. */
  readonly end: number;
}

/** Where the clock stands; plain data. */
export interface ClockState {
  /** Seconds at which the current round of the pieces began. */
  round: number;
  piece: number;
  /** Seconds since the start of the round. */
  at: number;
}

export const clockStart = (): ClockState => ({ round: 0, piece: 0, at: 0 });

/** Equal steps of `width` seconds. */
export function stepPieces(width: number, rates: readonly number[]): RatePieces {
  const rate = Float64Array.from(rates);
  return { start: rate.map((_, i) => i * width), from: rate, to: rate, end: width * rates.length };
}

/** Mean rate over one round; the last rate when the last piece never ends. */
export function meanRate(pieces: RatePieces): number {
  const last = pieces.start.length - 1;
  if (pieces.end === Infinity) return pieces.to[last]!;
  let area = 0;
  for (let i = 0; i <= last; i++) {
    const width = (i === last ? pieces.end : pieces.start[i + 1]!) - pieces.start[i]!;
    area += (width * (pieces.from[i]! + pieces.to[i]!)) / 2;
  }
  return area / pieces.end;
}

/**
 * Moves the clock on by `units` of unit-rate time (expected arrivals) and returns the seconds; Infinity when the rate stays 0 for ever.
 * The pieces start again at their end.
 */
export function advanceClock(state: ClockState, pieces: RatePieces, units: number): number {
  const { start, from, to } = pieces;
  const last = start.length - 1;
  let left = units;
  let idle = 0;
  for (;;) {
    const i = state.piece;
    const begin = start[i]!;
    const end = i === last ? pieces.end : start[i + 1]!;
    const width = end - begin;
    const slope = end === Infinity ? 0 : (to[i]! - from[i]!) / width;
    const rate = from[i]! + slope * (state.at - begin);
    const rest = end - state.at;
    const area = slope !== 0 ? rate * rest + 0.5 * slope * rest * rest : rate > 0 ? rate * rest : 0;
    if (rate > 0 || slope > 0) idle = 0;
    if (area >= left && area > 0) {
      // Time x with rate x + slope x^2 / 2 = left, in the form that loses no digits when the slope is small.
      const x = slope === 0 ? left / rate : (2 * left) / (rate + Math.sqrt(Math.max(0, rate * rate + 2 * slope * left)));
      state.at = Math.min(end, state.at + x);
      return state.round + state.at;
    }
    if (end === Infinity || idle++ > last) return Infinity;
    left -= area;
    if (i === last) {
      state.round += pieces.end;
      state.piece = 0;
      state.at = 0;
    } else {
      state.piece = i + 1;
      state.at = end;
    }
  }
}
