// Tokens over time and the gaps between them, from the stretches in which a decoding group did not change. What such a stretch gives is written down
// when it ends and worked off a batch at a time: in a tight loop that costs a fraction of doing it between two events.
import type { Lane } from "../fleet/lane.ts";
import { Sketch, binOf, edgeOf } from "./sketch.ts";
import type { TimeSeries } from "./time-series.ts";

/** Few, so that they leave the fast memory of a processor to the events between which they are written. */
const ROWS = 64;
// Places of a row, from its first: start and end of the stretch, seconds from the group's last token to the start, time of the first iteration,
// growth per iteration; requests whose gaps the row stands for, iterations, then requests by tenant.
const TO = 1;
const STALL = 2;
const FIRST = 3;
const SLOPE = 4;
const REQUESTS = 5;
const STEPS = 6;
const TENANTS = 7;

export class TokenRecorder {
  /** Gaps between tokens. */
  readonly itl = new Sketch();
  private readonly series: TimeSeries;
  private readonly tenants: number;
  /** Places of a row. */
  private readonly width: number;
  /** Rows, one after the other; a plain array, whose start and length JavaScript engines look up once for a row, not for every place. */
  private readonly figures: number[] = [];
  /** Places in use. */
  private used = 0;

  constructor(series: TimeSeries, tenants: number) {
    this.series = series;
    this.tenants = tenants;
    this.width = TENANTS + tenants;
    // Fractions, so that engines keep it as an array of doubles from the start.
    for (let i = 0; i < ROWS * this.width; i++) this.figures.push(0.5);
  }

  /** `steps` iterations of the lane's whole group, from `lane.epochTime` to `lane.epochEnd`. */
  note(lane: Lane, steps: number): void {
    const closed = lane.stepsInClosedForm;
    if (lane.joins > 0 || (steps > 1 && !closed)) {
      this.settle();
      this.gapsOneByOne(lane, steps);
      this.keep(lane, 0, steps, closed);
    } else this.keep(lane, lane.group.count, steps, closed);
    if (this.used === this.figures.length) this.settle();
  }

  /** A single gap, seconds. */
  addGap(seconds: number): void {
    this.settle();
    this.itl.add(seconds);
  }

  /** Writes a row; `gaps`: requests whose gaps the row stands for; `closed`: its iterations follow from the closed form. */
  private keep(lane: Lane, gaps: number, steps: number, closed: boolean): void {
    const { figures, tenants, used: at } = this;
    const from = lane.epochTime;
    this.used = at + this.width;
    figures[at] = from;
    figures[at + TO] = lane.epochEnd;
    figures[at + STALL] = from - lane.lastTokensAt;
    figures[at + FIRST] = closed ? lane.firstIteration : lane.epochEnd - from;
    figures[at + SLOPE] = closed ? lane.slope : 0;
    figures[at + REQUESTS] = gaps;
    figures[at + STEPS] = steps;
    const own = lane.group.tenants;
    figures[at + TENANTS] = own[0]!;
    for (let tenant = 1; tenant < tenants; tenant++) figures[at + TENANTS + tenant] = own[tenant]!;
  }

  /** Works off what is written down. Must come before the series is read, and before its buckets are merged. */
  settle(): void {
    const { used } = this;
    this.used = 0;
    if (used === 0) return;
    this.settleTokens(used);
    this.settleGaps(used);
  }

  private settleTokens(used: number): void {
    const { figures, tenants, series, width } = this;
    // The bucket of the row before, most often that of this one too.
    let bucket = 0;
    let begin = Infinity;
    let end = -Infinity;
    for (let at = 0; at < used; at += width) {
      const from = figures[at]!;
      const to = figures[at + TO]!;
      const steps = figures[at + STEPS]!;
      if (to >= end || to < begin) {
        bucket = series.bucket(to);
        begin = bucket * series.width;
        end = begin + series.width;
      }
      for (let tenant = 0; tenant < tenants; tenant++) {
        const tokens = figures[at + TENANTS + tenant]! * steps;
        if (tokens === 0) continue;
        const column = series.decodeTokens[tenant]!;
        if (from >= begin) column[bucket] = column[bucket]! + tokens;
        else series.spread(column, from, to, tokens);
      }
    }
  }

  /** Gaps of the rows: the first of a row includes the time since the group's last token; iteration j takes base + slope x (j - 1). */
  private settleGaps(used: number): void {
    const { itl, figures, width } = this;
    const { bins } = itl;
    let { count, sum, min, max } = itl;
    for (let at = 0; at < used; at += width) {
      const requests = figures[at + REQUESTS]!;
      if (requests === 0) continue;
      const steps = figures[at + STEPS]!;
      const stall = figures[at + STALL]!;
      const base = figures[at + FIRST]!;
      const slope = figures[at + SLOPE]!;
      // Times grow: all iterations up to the edge of a bin fall into it, and the first alone where it is longer than its iteration.
      let j = 1;
      let first = base + stall;
      let last = stall > 0 ? 1 : steps;
      for (;;) {
        const bin = binOf(first);
        let longest = first;
        if (last > j) {
          longest = base + slope * (last - 1);
          if (binOf(longest) !== bin) {
            const edge = edgeOf(bin + 1);
            last = Math.min(steps, Math.max(j, Math.ceil((edge - base) / slope)));
            while (last > j && base + slope * (last - 1) >= edge) last--;
            while (last < steps && base + slope * last < edge) last++;
            longest = last === j ? first : base + slope * (last - 1);
          }
        }
        const weight = (last - j + 1) * requests;
        bins[bin] = bins[bin]! + weight;
        count += weight;
        sum += (first + longest) * 0.5 * weight;
        if (first < min) min = first;
        if (longest > max) max = longest;
        if (last === steps) break;
        j = last + 1;
        first = base + slope * last;
        last = steps;
      }
    }
    itl.count = count;
    itl.sum = sum;
    itl.min = min;
    itl.max = max;
  }

  /** Requests that joined while the group stood still, and models without a closed form. */
  private gapsOneByOne(lane: Lane, steps: number): void {
    const { itl } = this;
    const { group, epochTime, joins } = lane;
    const walked = lane.epochPure ? lane.walkedTimes(steps) : null;
    const first = (walked === null ? lane.epochEnd : walked[0]!) - epochTime;
    for (let i = 0; i < joins; i++) itl.add(first + (epochTime - lane.joinTimes[i]!));
    if (group.count > joins) itl.addMany(first + (epochTime - lane.lastTokensAt), group.count - joins);
    if (walked !== null) for (let j = 1; j < steps; j++) itl.addMany(walked[j]! - walked[j - 1]!, group.count);
  }
}
