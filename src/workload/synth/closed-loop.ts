// Closed loop: a fixed number of users, each of whom sends the next request when the last one has ended, as load generators do. A slower fleet gets less traffic.
import { drawExponential } from "../../engine/kernel/math.ts";
import { choice, integer, number } from "../../engine/params.ts";
import { defineArrivals } from "./types.ts";

export const closedLoop = defineArrivals({
  id: "closed-loop",
  label: "Closed loop",
  help: "A set number of requests in flight: the next one is sent when one ends (after a pause, and no faster than a limit).",
  params: {
    concurrency: integer(64, "Requests in flight at once.", { min: 1, max: 1000000, unit: "req", scale: "log" }),
    rateLimit: number(0, "At most this many new requests per second; 0 = no limit.", { min: 0, max: 100000, unit: "req/s" }),
    thinkSeconds: number(0, "Pause of a user between an answer and the next request.", {
      min: 0,
      max: 100000,
      unit: "s",
      label: "Think time",
    }),
    thinkTimes: choice("fixed", { fixed: "always this long", exponential: "exponential with this mean" }, "How the pauses vary."),
  },
  // The rate scale multiplies the users and the limit: the pauses are people's and stay.
  create: ({ concurrency, rateLimit, thinkSeconds, thinkTimes }, { random, rateScale }) => {
    const users = Math.max(1, Math.round(concurrency * rateScale));
    const gap = rateLimit > 0 ? 1 / (rateLimit * rateScale) : 0;
    /** Heap of the times at which idle users are ready to send, `ready` of them, and the last time one was sent. */
    const state = { heap: new Float64Array(users), ready: users, sentAt: -gap };
    const push = (time: number): void => {
      const { heap } = state;
      if (state.ready === users) return;
      let i = state.ready++;
      while (i > 0) {
        const parent = (i - 1) >> 1;
        if (heap[parent]! <= time) break;
        heap[i] = heap[parent]!;
        i = parent;
      }
      heap[i] = time;
    };
    const pop = (): void => {
      const { heap } = state;
      const moved = heap[--state.ready]!;
      let i = 0;
      for (;;) {
        let child = 2 * i + 1;
        if (child >= state.ready) break;
        if (child + 1 < state.ready && heap[child + 1]! < heap[child]!) child++;
        if (heap[child]! >= moved) break;
        heap[i] = heap[child]!;
        i = child;
      }
      heap[i] = moved;
    };
    const nextAt = (): number => (state.ready === 0 ? Infinity : Math.max(state.heap[0]!, state.sentAt + gap));
    return {
      state,
      meanRate: NaN,
      nextAt,
      advance: () => {
        state.sentAt = nextAt();
        pop();
      },
      finished: (now) => push(now + (thinkTimes === "fixed" ? thinkSeconds : thinkSeconds * drawExponential(random))),
    };
  },
});
