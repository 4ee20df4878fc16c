// Tokens over time and the gaps between them, from the stretches in which a decoding group did not change. What such a stretch gives is written down
// when it ends and worked off a batch at a time: in a tight loop that costs a fraction of doing it between two events.
import type { Lane } from "../fleet/lane.ts";
import { Sketch, binOf, edgeOf } from "./sketch.ts";
import type { TimeSeries } from "./time-series.ts";

const ROWS = 256;
/** Figures of a row: start, end, seconds from the group's last token to the start, time of the first iteration, growth per iteration. */
const WIDTH = 5;

export class TokenRecorder {
  /** Gaps between tokens. */
  readonly itl = new Sketch();
  private readonly series: TimeSeries;
  private readonly tenants: number;
  private rows = 0;
  private readonly figures = new Float64Array(ROWS * WIDTH);
  /** Of a row: requests, iterations, then requests by tenant. */
  private readonly counts: Int32Array;

  constructor(series: TimeSeries, tenants: number) {
    this.series = series;
    this.tenants = tenants;
    this.counts = new Int32Array(ROWS * (2 + tenants));
  }

  /** `steps` iterations of the lane's whole group, from `lane.epochTime` to `lane.epochEnd`. */
  note(lane: Lane, steps: number): void {
    if (lane.joins > 0 || (steps > 1 && !lane.stepsInClosedForm)) {
      this.settle();
      this.gapsOneByOne(lane, steps);
      this.keep(lane, 0, steps);
    } else this.keep(lane, lane.group.count, steps);
    if (this.rows === ROWS) this.settle();
  }

  /** A single gap, seconds. */
  addGap(seconds: number): void {
    this.settle();
    this.itl.add(seconds);
  }

  /** Writes a row; `gaps`: requests whose gaps the row stands for. */
  private keep(lane: Lane, gaps: number, steps: number): void {
    const { figures, counts, tenants } = this;
    const { group } = lane;
    const row = this.rows++;
    const at = row * WIDTH;
    const from = lane.epochTime;
    const closed = lane.stepsInClosedForm;
    figures[at] = from;
    figures[at + 1] = lane.epochEnd;
    figures[at + 2] = from - lane.lastTokensAt;
    figures[at + 3] = closed ? lane.firstIteration : lane.epochEnd - from;
    figures[at + 4] = closed ? lane.slope : 0;
    const place = row * (2 + tenants);
    counts[place] = gaps;
    counts[place + 1] = steps;
    const own = group.tenants;
    for (let tenant = 0; tenant < tenants; tenant++) counts[place + 2 + tenant] = own[tenant]!;
  }

  /** Works off what is written down. Must come before the series is read, and before its buckets are merged. */
  settle(): void {
    const { figures, counts, tenants, series, rows } = this;
    this.rows = 0;
    for (let row = 0; row < rows; row++) {
      const at = row * WIDTH;
      const place = row * (2 + tenants);
      const from = figures[at]!;
      const to = figures[at + 1]!;
      const steps = counts[place + 1]!;
      const bucket = series.bucket(to);
      const inside = bucket === Math.floor(from * series.perSecond);
      for (let tenant = 0; tenant < tenants; tenant++) {
        const tokens = counts[place + 2 + tenant]! * steps;
        if (tokens === 0) continue;
        const column = series.decodeTokens[tenant]!;
        if (inside) column[bucket] = column[bucket]! + tokens;
        else series.spread(column, from, to, tokens);
      }
      if (counts[place]! > 0) this.gaps(row);
    }
  }

  /** Gaps of a row: the first includes the time since the group's last token; iteration j takes base + slope x (j - 1). */
  private gaps(row: number): void {
    const { itl, figures, counts } = this;
    const place = row * (2 + this.tenants);
    const count = counts[place]!;
    const steps = counts[place + 1]!;
    // Read here, not handed over: JavaScript engines allocate for fractions that pass through calls.
    const at = row * WIDTH;
    const stall = figures[at + 2]!;
    const base = figures[at + 3]!;
    const slope = figures[at + 4]!;
    if (steps === 1 || stall > 0) {
      itl.addMany(base + stall, count);
      if (steps === 1) return;
    } else {
      const longest = base + slope * (steps - 1);
      if (binOf(longest) === binOf(base)) {
        itl.addRun(base, longest, steps * count);
        return;
      }
      itl.addMany(base, count);
    }
    // Times grow: all iterations up to the edge of a bin fall into it.
    let j = 2;
    while (j <= steps) {
      const gap = base + slope * (j - 1);
      let last = steps;
      if (slope > 0) {
        const edge = edgeOf(binOf(gap) + 1);
        last = Math.min(steps, Math.max(j, Math.ceil((edge - base) / slope)));
        while (last > j && base + slope * (last - 1) >= edge) last--;
        while (last < steps && base + slope * last < edge) last++;
      }
      itl.addRun(gap, base + slope * (last - 1), (last - j + 1) * count);
      j = last + 1;
    }
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
