// Source of sessions: an arrival process starts them; the further turns of a session come when the last answer has ended and the pause is over.
import type { ArrivalRow } from "../../engine/contracts.ts";
import type { Random } from "../../engine/kernel/random.ts";
import { expectations, scaleLengths, limitsOf } from "../source.ts";
import type { SourceOptions, WorkloadSource } from "../source.ts";
import type { ArrivalProcess } from "../synth/types.ts";
import type { TurnLaw, TurnState } from "./turns.ts";

interface SessionState extends TurnState {
  taken: number;
  streams: Record<string, Uint32Array>;
  arrivals: object;
  started: number;
  number: Int32Array;
  tenant: Int32Array;
  /** Slots not in use. */
  free: number[];
  /** Sessions whose next turn has a time: a heap by time, ties by slot. */
  heapTime: number[];
  heapSlot: number[];
  /** Session slot of each request that is being served. */
  serving: Map<number, number>;
  ids: Int32Array;
}

function pushDue(state: SessionState, time: number, slot: number): void {
  const { heapTime, heapSlot } = state;
  let i = heapTime.push(time) - 1;
  heapSlot.push(slot);
  while (i > 0) {
    const parent = (i - 1) >> 1;
    if (heapTime[parent]! < time || (heapTime[parent]! === time && heapSlot[parent]! < slot)) break;
    heapTime[i] = heapTime[parent]!;
    heapSlot[i] = heapSlot[parent]!;
    i = parent;
  }
  heapTime[i] = time;
  heapSlot[i] = slot;
}

function popDue(state: SessionState): number {
  const { heapTime, heapSlot } = state;
  const top = heapSlot[0]!;
  const time = heapTime.pop()!;
  const slot = heapSlot.pop()!;
  const n = heapTime.length;
  if (n > 0) {
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= n) break;
      const right = child + 1;
      if (
        right < n &&
        (heapTime[right]! < heapTime[child]! || (heapTime[right]! === heapTime[child]! && heapSlot[right]! < heapSlot[child]!))
      )
        child = right;
      if (time < heapTime[child]! || (time === heapTime[child]! && slot < heapSlot[child]!)) break;
      heapTime[i] = heapTime[child]!;
      heapSlot[i] = heapSlot[child]!;
      i = child;
    }
    heapTime[i] = time;
    heapSlot[i] = slot;
  }
  return top;
}

const grow = <A extends Int32Array | Float64Array>(old: A, make: (n: number) => A): A => {
  const grown = make(2 * old.length);
  grown.set(old as never);
  return grown;
};

export function turnSource(
  starts: ArrivalProcess,
  law: TurnLaw,
  states: Record<string, Uint32Array>,
  options: SourceOptions,
  tenantRandom: Random,
): WorkloadSource {
  const { promptScale, outputScale } = options;
  const { maxRequests, maxSeconds, pickTenant, classes } = limitsOf(options, tenantRandom);
  // Every context owns this many block ids, one after the other; after 2^32 ids they start again, long after the first were evicted.
  const stride = Math.ceil(law.largest / law.blockTokens);
  const { blocks: sharedBlocks, kinds } = law.shared ?? { blocks: 0, kinds: 1 };
  const state: SessionState = {
    taken: 0,
    streams: states,
    arrivals: starts.state ?? {},
    started: 0,
    contexts: 0,
    left: new Int32Array(64),
    prompt: new Int32Array(64),
    output: new Int32Array(64),
    context: new Float64Array(64),
    number: new Int32Array(64),
    tenant: new Int32Array(64),
    free: Array.from({ length: 64 }, (_, i) => 63 - i),
    heapTime: [],
    heapSlot: [],
    serving: new Map(),
    ids: new Int32Array(1024),
  };
  const ints = (n: number): Int32Array => new Int32Array(n);
  const open = (): number => {
    if (state.free.length === 0) {
      const before = state.left.length;
      for (let slot = 2 * before - 1; slot >= before; slot--) state.free.push(slot);
      state.left = grow(state.left, ints);
      state.prompt = grow(state.prompt, ints);
      state.output = grow(state.output, ints);
      state.number = grow(state.number, ints);
      state.tenant = grow(state.tenant, ints);
      state.context = grow(state.context, (n) => new Float64Array(n));
    }
    const slot = state.free.pop()!;
    state.number[slot] = state.started++;
    state.tenant[slot] = pickTenant();
    state.left[slot] = law.turns();
    return slot;
  };
  const fill = (into: ArrivalRow, slot: number, first: boolean): void => {
    const prompt = law.prompt(state, slot, first);
    const output = law.output();
    state.prompt[slot] = prompt;
    state.output[slot] = output;
    state.left[slot] = state.left[slot]! - 1;
    // Scaled prompts do not hold the answers any more.
    const known = law.keepsAnswers === true && promptScale === 1 && outputScale === 1 ? prompt + output : prompt;
    const blocks = Math.ceil(known / law.blockTokens);
    if (blocks > state.ids.length) state.ids = new Int32Array(2 * blocks);
    const base = (state.context[slot]! * stride) % 4294967296;
    const shared = Math.min(sharedBlocks, blocks);
    const kind = state.context[slot]! % kinds;
    for (let i = 0; i < shared; i++) state.ids[i] = -1 - (kind * sharedBlocks + i);
    for (let i = shared; i < blocks; i++) state.ids[i] = base + i;
    into.promptTokens = prompt;
    into.outputTokens = output;
    into.session = state.number[slot]!;
    into.tenant = state.tenant[slot]!;
    into.sloClass = classes[into.tenant] ?? 0;
    into.prefixStart = 0;
    into.prefixCount = blocks;
    scaleLengths(into, promptScale, outputScale, law.blockTokens);
  };
  const nextDue = (): number => (state.heapTime.length === 0 ? Infinity : state.heapTime[0]!);
  return {
    state,
    ...expectations(starts.meanRate * law.meanTurns, options),
    prefixBlockTokens: law.blockTokens,
    get prefixIds() {
      return state.ids;
    },
    nextAt: () => {
      if (state.taken >= maxRequests) return Infinity;
      const at = Math.min(starts.nextAt(), nextDue());
      return at < maxSeconds ? at : Infinity;
    },
    take: (into) => {
      const due = nextDue();
      const first = starts.nextAt() < due;
      into.arrivedAt = first ? starts.nextAt() : due;
      const slot = first ? open() : popDue(state);
      if (first) starts.advance();
      fill(into, slot, first);
      state.serving.set(state.taken++, slot);
    },
    finished: (id, now) => {
      const slot = state.serving.get(id);
      if (slot === undefined) return;
      state.serving.delete(id);
      if (state.left[slot]! > 0) {
        pushDue(state, now + law.think(), slot);
        return;
      }
      state.free.push(slot);
      starts.finished?.(now);
    },
  };
}
