// One knob from cheap to fast. Demand is the token rate over the measured throughput of a busy replica; the level says which share of a replica is
// planned with. Knows arrivals and what replicas have done, nothing of the future and no output lengths.
import { definePolicy } from "../../engine/contracts.ts";
import { integer, number } from "../../engine/params.ts";

/**
 * Share of the throughput in quiet times that is planned with, by level. Chosen on synthetic traffic of the autoscaling lab's rates, apart from the
 * trace and the seeds that `npm run -s bench -- autoscaling` reports: all of it, for growing batches have some to spare; a tenth less; a fifth less.
 */
const SHARES = [1, 0.9, 0.78] as const;
/** A replica is given up when the others would still be below this part of their share: keeps the count from flapping. */
const MARGIN = 0.97;
/** Looks in a row that must agree before a replica is given up; then one at a time. */
const LOOKS = 2;
/** Standard deviations by which the latest rate must differ before it alone counts. */
const JUMP = 3;
/**
 * What is kept of the throughput from look to look, when less is measured and when more is. Overload makes batches grow, and larger batches do more in
 * the same time: a policy that believed that at once would plan for the overload to stay.
 */
const KEEP_ON_LESS = 0.9;
const KEEP_ON_MORE = 0.99;
/** Seconds of work in the queue of each replica that batches are made of, and no backlog. */
const USUAL_QUEUE = 3;

export const serviceLevel = definePolicy({
  kind: "autoscaling",
  id: "service-level",
  label: "Service level",
  help: "Replicas for the measured token rate at the throughput measured in quiet times, with more or less to spare by level: 1 is cheap, 3 is fast. Follows jumps of the rate at once, noise not at all. For traffic whose work is mostly prompts.",
  params: {
    level: integer(2, "1: cheap, plans with all that a replica does in quiet times. 2: with nine tenths. 3: fast, with less than eight.", {
      label: "Level",
      min: 1,
      max: 3,
    }),
    tick: number(5, "Time between two looks.", { label: "Every", min: 0.1, max: 3600, unit: "s" }),
    window: number(120, "The rate is the mean over this long, or since its last jump.", {
      label: "Window",
      min: 1,
      max: 100_000,
      unit: "s",
    }),
    recent: number(10, "A jump is seen in a mean over this long.", { label: "Jump seen in", min: 1, max: 100_000, unit: "s" }),
    drain: number(30, "A backlog of more than 3 s is to be gone after this long.", { label: "Drain in", min: 1, max: 100_000, unit: "s" }),
  },
  create: ({ level, tick, window, recent, drain }) => {
    const long = Math.max(1, Math.round(window / tick));
    const short = Math.max(1, Math.round(recent / tick));
    const share = SHARES[level - 1]!;
    const state = {
      /** Prompt tokens of the arrivals between looks, and the sum of their squares: what the rate is, and how far chance may move it. */
      bins: [] as number[],
      squares: [] as number[],
      tokens: 0,
      square: 0,
      /** In all: requests, and their prompt tokens. */
      requests: 0,
      prompts: 0,
      /** Work done at the last look, and tokens per second of a busy replica in quiet times; 0 before the first has worked. */
      done: 0,
      busy: 0,
      each: 0,
      /** Looks in a row that saw a replica too many. */
      low: 0,
    };
    const sumOfLast = (values: readonly number[], count: number): number => values.slice(-count).reduce((sum, value) => sum + value, 0);

    /** Prompt tokens per second. */
    const rate = (): number => {
      const { bins, squares } = state;
      if (bins.length > short) {
        const before = sumOfLast(bins, long) / bins.length;
        const now = sumOfLast(bins, short) / short;
        if (Math.abs(now - before) > (JUMP * Math.sqrt(sumOfLast(squares, short))) / short) {
          bins.splice(0, bins.length - short);
          squares.splice(0, squares.length - short);
        }
      }
      return bins.length === 0 ? 0 : sumOfLast(bins, long) / (bins.length * tick);
    };

    const measure = (done: number, busy: number): void => {
      const each = (done - state.done) / (busy - state.busy);
      state.done = done;
      state.busy = busy;
      // Nobody worked since the last look.
      if (!(each > 0 && each < Infinity)) return;
      const keep = each < state.each ? KEEP_ON_LESS : KEEP_ON_MORE;
      state.each = state.each === 0 ? each : keep * state.each + (1 - keep) * each;
    };

    return {
      state,
      tickSeconds: tick,
      countsTokens: true,
      arrived: (slot, { requests }) => {
        const tokens = requests.promptTokens[slot]!;
        state.tokens += tokens;
        state.square += tokens * tokens;
        state.prompts += tokens;
        state.requests++;
      },
      tick: (pool) => {
        const { now, ordered, load } = pool;
        if (now > 0) {
          state.bins.push(state.tokens);
          state.squares.push(state.square);
          if (state.bins.length > long) {
            state.bins.shift();
            state.squares.shift();
          }
          state.tokens = state.square = 0;
        }
        measure(pool.tokensDone(), pool.busySeconds());
        const { each } = state;
        if (each === 0) return 0;
        // What a prompt token brings along, by what has been computed for all of them; at the start it is not known, and then one.
        const factor = Math.max(1, state.done / state.prompts);
        const busy = (rate() * factor) / each;
        let waiting = pool.heldCount;
        for (let i = 0; i < pool.replicaCount; i++) waiting += load.waiting[pool.replicas[i]!]!;
        const backlog = (waiting * (state.prompts / state.requests) * factor) / each;
        const extra = Math.max(0, backlog - USUAL_QUEUE * ordered) / drain;
        pool.because("throughput of a busy replica", each);
        pool.because("replicas kept busy", busy);
        pool.because("of each planned with", share);
        pool.because("backlog in s of one replica", backlog);
        const wanted = Math.ceil(busy / share + extra);
        const enough = Math.max(1, Math.ceil(busy / (share * MARGIN) + extra));
        state.low = enough < ordered ? state.low + 1 : 0;
        if (wanted > ordered) return wanted - ordered;
        if (state.low < LOOKS) return 0;
        state.low = 0;
        return -1;
      },
    };
  },
});
