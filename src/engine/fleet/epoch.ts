// The timing of a lane. An *epoch* is a stretch of iterations with the same decoding group and nothing else in the batch. The end of its j-th
// iteration is epochTime + F(j), where F is the sum of the model's iteration times: a closed form where the model has one. It is never
// accumulated from iteration to iteration, so that leaping over many iterations and stepping through them give the same bytes. An epoch ends
// when, and only when, the composition changes. Every other batch (with prefill chunks) is an epoch of one iteration.
import type { BatchShape, DecodeForm, LatencyModel } from "../contracts.ts";
import { NO_CHUNKS, emptyShape } from "./batch.ts";
import type { DecodeGroup } from "./decode-group.ts";

export interface EpochHost {
  /** Whether an iteration of the lane that ends at this very moment is over already. */
  passed(key: number): boolean;
}

/**
 * The base of a lane, and not a part of it, because every event of a lane reads these fields. Flags are compared with true and false: for all that
 * JavaScript engines know of a field, it may hold an empty string or a large integer, and a plain test looks for all of that.
 */
export class Epoch {
  /** Number among all lanes of the fleet: the key in the event heap. */
  readonly key: number;
  readonly host: EpochHost;
  readonly group: DecodeGroup;
  protected readonly model: LatencyModel;
  readonly form: DecodeForm = { base: -0, perContext: -0, below: Infinity };
  /** Whether the model has a closed form over decodes. */
  readonly closed: boolean;
  private readonly decodeShape: BatchShape = emptyShape();

  /** The open epoch of decodes alone: valid while `open`. */
  open = false;
  epochTime = -0;
  epochIteration = 0;
  epochContext = -0;
  /** By the closed form: time of the first iteration of the open epoch, and what each later one takes more than the one before, seconds. */
  firstIteration = -0;
  slope = -0;
  /** Iterations of the epoch until the last look, and the time of that: walks of models without a closed form go on from there. */
  protected boundary = 0;
  protected boundaryTime = -0;
  /** Lane iteration at which the running decode-only batch is looked at again. */
  targetIteration = 0;
  /** While an epoch is reported: its end, and whether it was of decodes alone on one stage. */
  epochEnd = -0;
  epochPure = false;

  constructor(key: number, host: EpochHost, model: LatencyModel, group: DecodeGroup) {
    this.key = key;
    this.host = host;
    this.model = model;
    this.closed = model.decodeForm !== undefined;
    this.group = group;
  }

  protected openEpoch(now: number): void {
    const { group, form } = this;
    this.open = true;
    this.epochTime = now;
    this.epochIteration = group.iteration;
    this.epochContext = group.context();
    if (this.closed === false) return;
    this.model.decodeForm!(group.count, this.epochContext, form);
    this.firstIteration = form.base + form.perContext * this.epochContext;
    this.slope = form.perContext * group.count;
  }

  /** End of the j-th iteration of the open epoch. */
  timeAt(j: number): number {
    if (this.closed === false) return this.walkTo(j, Infinity);
    return this.epochTime + (j * this.firstIteration + this.slope * (j * (j - 1) * 0.5));
  }

  /** For models without a closed form: time after j iterations, or the number of the first iteration that ends at or after `until`. */
  private walkTo(j: number, until: number): number {
    const { decodeShape, group } = this;
    decodeShape.decodeRequests = group.count;
    let time = this.epochTime;
    let i = 0;
    if (j >= this.boundary && until > this.boundaryTime) {
      i = this.boundary;
      time = this.boundaryTime;
    }
    for (; i < j; i++) {
      decodeShape.decodeContext = this.epochContext + group.count * i;
      time += this.model.iteration(decodeShape, 0, NO_CHUNKS);
      if (time >= until) return i + 1;
    }
    return until === Infinity ? time : j;
  }

  /** Number, within the open epoch, of the iteration that runs at `time`: the first one that ends at or after it; after it where the lane has had its turn. */
  protected iterationAt(time: number): number {
    const last = this.targetIteration - this.epochIteration;
    const first = this.group.iteration - this.epochIteration + 1;
    if (last <= first) return last;
    let j = this.closed === true ? this.solve(time, first, last) : Math.max(first, this.walkTo(last, time));
    if (this.host.passed(this.key)) while (j < last && this.timeAt(j) <= time) j++;
    return j;
  }

  /** The first iteration from `first` to `last` that ends at or after `time`, by the closed form. */
  private solve(time: number, first: number, last: number): number {
    const a = this.slope / 2;
    const b = this.firstIteration - a;
    const wanted = time - this.epochTime;
    let j = ((2 * wanted) / (b + Math.sqrt(b * b + 4 * a * wanted))) | 0;
    if (j < first) j = first;
    if (j > last) j = last;
    while (j < last && this.timeAt(j) < time) j++;
    while (j > first && this.timeAt(j - 1) >= time) j--;
    return j;
  }

  /** Whether the epoch just ended was of decodes alone under a closed form (its iteration times follow from `form`). */
  get stepsInClosedForm(): boolean {
    return this.epochPure === true && this.closed === true;
  }

  /** Ends of the iterations 1 to `steps` of the epoch just ended, which has no closed form. */
  walkedTimes(steps: number): Float64Array {
    const times = new Float64Array(steps);
    const { decodeShape, group } = this;
    decodeShape.decodeRequests = group.count;
    let time = this.epochTime;
    for (let i = 0; i < steps; i++) {
      decodeShape.decodeContext = this.epochContext + group.count * i;
      time += this.model.iteration(decodeShape, 0, NO_CHUNKS);
      times[i] = time;
    }
    return times;
  }
}
