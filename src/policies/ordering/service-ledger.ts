// What each tenant was served, as sums of whole numbers that follow from the iterations of the lanes: nothing is counted per token, and when the
// ledger is read changes nothing, to the last bit. A decoding request has produced `iteration - offset` tokens; one that was charged beforehand for
// `prepaid` tokens counts as those until it produces more.
import type { LaneClock, RequestTable } from "../../engine/contracts.ts";
import type { Cost } from "./costs.ts";

/** Places of a tenant's sums over requests of p prompt and q output tokens; those of running requests are over p and their offsets. */
const Sum = { requests: 0, prompt: 1, output: 2, pairs: 3, squares: 4 } as const;
const SUMS = 5;

const wider = (column: Int32Array, size: number): Int32Array<ArrayBuffer> => {
  const wide = new Int32Array(size).fill(-1);
  wide.set(column);
  return wide;
};

export class ServiceLedger {
  readonly state;
  private readonly cost: Cost;
  private readonly tenants: number;
  private readonly lanes: number;
  private readonly requests: RequestTable;

  constructor(cost: Cost, tenants: number, lanes: number, requests: RequestTable) {
    this.cost = cost;
    this.tenants = tenants;
    this.lanes = lanes;
    this.requests = requests;
    this.state = {
      /** By tenant: what is settled. By lane and tenant: of running requests, sums over p, offset, p x offset, offset squared. */
      settled: new Float64Array(tenants * SUMS),
      running: new Float64Array(lanes * tenants * SUMS),
      /** By slot: request that is charged here; its prompt; tokens produced, or the offset while it decodes; tokens paid for beforehand. */
      owner: new Int32Array(0),
      prompt: new Int32Array(0),
      produced: new Int32Array(0),
      prepaid: new Int32Array(0),
      /** By lane: running requests that have not produced more than they were charged for, and the last iteration at which that is sure. */
      covered: Array.from({ length: lanes }, (): number[] => []),
      coveredTo: new Float64Array(lanes).fill(Infinity),
    };
  }

  /** Whether the request has been charged: it comes in again. */
  knows(slot: number): boolean {
    return this.state.owner[slot] === this.requests.id[slot];
  }

  /** A request comes in for the first time: `prompt` tokens are charged, and `prepaid` tokens of output. */
  charge(slot: number, prompt: number, prepaid: number): void {
    const { state } = this;
    if (slot >= state.owner.length) {
      const size = Math.max(1024, slot + 1, state.owner.length * 2);
      for (const key of ["owner", "prompt", "produced", "prepaid"] as const) state[key] = wider(state[key], size);
    }
    state.owner[slot] = this.requests.id[slot]!;
    state.prompt[slot] = prompt;
    state.produced[slot] = 0;
    state.prepaid[slot] = prepaid;
    this.settle(slot, prepaid, 1);
  }

  /** A token that ends a prompt. */
  produce(slot: number): void {
    const { produced } = this.state;
    const before = this.counted(slot);
    produced[slot] = produced[slot]! + 1;
    this.replace(slot, before, this.counted(slot));
  }

  join(slot: number, lane: number, iteration: number): void {
    const { produced, prepaid, covered, coveredTo } = this.state;
    const done = produced[slot]!;
    const paid = prepaid[slot]!;
    produced[slot] = iteration - done;
    if (paid > done) {
      covered[lane]!.push(slot);
      coveredTo[lane] = Math.min(coveredTo[lane]!, iteration - done + paid);
    } else {
      this.settle(slot, done, -1);
      this.run(slot, lane, 1);
    }
  }

  leave(slot: number, lane: number, iteration: number): void {
    this.uncover(lane, iteration);
    const { covered, produced } = this.state;
    const place = covered[lane]!.indexOf(slot);
    const done = iteration - produced[slot]!;
    if (place >= 0) covered[lane]!.splice(place, 1);
    else {
      this.run(slot, lane, -1);
      this.settle(slot, done, 1);
    }
    produced[slot] = done;
  }

  /** What was charged beforehand and not produced is given back. */
  refund(slot: number): void {
    const { produced, prepaid } = this.state;
    this.replace(slot, this.counted(slot), produced[slot]!);
    prepaid[slot] = 0;
  }

  /** Charges every running request of a lane one token that it did not produce. */
  chargeRunning(lane: number): void {
    const { settled, running, covered } = this.state;
    const charge = (tenant: number, tokens: number): void => {
      const at = tenant * SUMS + Sum.output;
      settled[at] = settled[at]! + tokens;
    };
    for (let tenant = 0; tenant < this.tenants; tenant++) charge(tenant, running[(lane * this.tenants + tenant) * SUMS]!);
    for (const slot of covered[lane]!) charge(this.requests.tenant[slot]!, 1);
  }

  /** What the tenant was charged, up to the end of the iterations that run. */
  chargedTo(tenant: number, clock: LaneClock): number {
    const { settled, running } = this.state;
    const at = tenant * SUMS;
    for (let lane = 0; lane < this.lanes; lane++) this.uncover(lane, clock.iterationOf(lane));
    let requests = settled[at]!;
    let prompt = settled[at + Sum.prompt]!;
    let output = settled[at + Sum.output]!;
    let pairs = settled[at + Sum.pairs]!;
    let squares = settled[at + Sum.squares]!;
    for (let lane = 0; lane < this.lanes; lane++) {
      const own = (lane * this.tenants + tenant) * SUMS;
      const count = running[own]!;
      if (count === 0) continue;
      const now = clock.iterationOf(lane);
      const prompts = running[own + Sum.prompt]!;
      const offsets = running[own + Sum.output]!;
      requests += count;
      prompt += prompts;
      output += count * now - offsets;
      pairs += prompts * now - running[own + Sum.pairs]!;
      squares += count * now * now - 2 * now * offsets + running[own + Sum.squares]!;
    }
    const { fixed, perPrompt, perOutput, perPair, perSquare } = this.cost;
    return fixed * requests + perPrompt * prompt + perOutput * output + perPair * pairs + perSquare * squares;
  }

  /** What a decode iteration of the only lane costs the tenant; NaN where that changes from one to the next. */
  perIteration(tenant: number): number {
    const { cost, state } = this;
    if (this.lanes > 1 || state.covered[0]!.length > 0 || cost.perPair !== 0 || cost.perSquare !== 0) return NaN;
    return cost.perOutput * state.running[tenant * SUMS]!;
  }

  clear(): void {
    const { settled, running, owner, covered, coveredTo } = this.state;
    settled.fill(0);
    running.fill(0);
    owner.fill(-1);
    for (const list of covered) list.length = 0;
    coveredTo.fill(Infinity);
  }

  /** Output tokens that count for a request that does not run. */
  private counted(slot: number): number {
    const { produced, prepaid } = this.state;
    return Math.max(produced[slot]!, prepaid[slot]!);
  }

  private replace(slot: number, before: number, after: number): void {
    if (before === after) return;
    this.settle(slot, before, -1);
    this.settle(slot, after, 1);
  }

  /** Adds a request of so many output tokens to what is settled, or takes it away. */
  private settle(slot: number, output: number, sign: number): void {
    const { settled, prompt } = this.state;
    this.addTo(settled, this.requests.tenant[slot]! * SUMS, prompt[slot]!, output, sign);
  }

  /** Adds a request to those that run, or takes it away. */
  private run(slot: number, lane: number, sign: number): void {
    const { running, prompt, produced } = this.state;
    const at = (lane * this.tenants + this.requests.tenant[slot]!) * SUMS;
    this.addTo(running, at, prompt[slot]!, produced[slot]!, sign);
  }

  private addTo(sums: Float64Array, at: number, prompt: number, output: number, sign: number): void {
    sums[at] = sums[at]! + sign;
    sums[at + Sum.prompt] = sums[at + Sum.prompt]! + sign * prompt;
    sums[at + Sum.output] = sums[at + Sum.output]! + sign * output;
    sums[at + Sum.pairs] = sums[at + Sum.pairs]! + sign * prompt * output;
    sums[at + Sum.squares] = sums[at + Sum.squares]! + sign * output * output;
  }

  /** Requests that have produced more than they were charged for are charged as they go. */
  private uncover(lane: number, iteration: number): void {
    const { covered, coveredTo, produced, prepaid } = this.state;
    if (iteration <= coveredTo[lane]!) return;
    const all = covered[lane]!;
    let kept = 0;
    let to = Infinity;
    for (const slot of all) {
      const end = produced[slot]! + prepaid[slot]!;
      if (end >= iteration) {
        all[kept++] = slot;
        if (end < to) to = end;
      } else {
        this.settle(slot, prepaid[slot]!, -1);
        this.run(slot, lane, 1);
      }
    }
    all.length = kept;
    coveredTo[lane] = to;
  }
}
