// The Knative pod autoscaler on concurrency: a stable and a panic window (https://knative.dev/docs/serving/autoscaling/; KEDA's HTTP scaler has the
// same idea). Knative's defaults, with one replica as the least.
import { definePolicy } from "../../engine/contracts.ts";
import { number } from "../../engine/params.ts";

export const concurrency = definePolicy({
  kind: "autoscaling",
  id: "concurrency",
  label: "Concurrency (Knative)",
  help: "Replicas for the mean number of requests in the pool over a stable window; when a short window asks for twice what there is, it panics: at once up, and not down. Knative's autoscaler and defaults.",
  params: {
    target: number(100, "Requests that a replica may have, waiting and running.", {
      label: "Concurrency",
      min: 0.1,
      max: 100_000,
      scale: "log",
    }),
    utilisation: number(70, "Share of that which is aimed at.", { label: "Aim at", min: 1, max: 100, unit: "%" }),
    stable: number(60, "Window of the mean in quiet times.", { label: "Stable window", min: 6, max: 3600, unit: "s" }),
    panic: number(6, "Window of the mean in panic.", { label: "Panic window", min: 1, max: 3600, unit: "s" }),
    threshold: number(200, "Panic when the short window asks for this share of the ready replicas.", {
      label: "Panic at",
      min: 110,
      max: 1000,
      unit: "%",
    }),
    upRate: number(1000, "At most this many times the ready replicas.", { label: "Rate up", min: 1.01, max: 100_000, scale: "log" }),
    downRate: number(2, "At least the ready replicas over this.", { label: "Rate down", min: 1.01, max: 100_000, scale: "log" }),
    tick: number(2, "Time between two looks; the means are over looks.", { label: "Every", min: 0.1, max: 60, unit: "s" }),
  },
  create: (values) => {
    const { tick } = values;
    const state = {
      /** Requests in the pool at the last looks, as a ring; how many have been noted. */
      ring: new Float64Array(Math.max(1, Math.round(Math.max(values.stable, values.panic) / tick))),
      seen: 0,
      /** Since when it panics; -1: it does not. The most replicas asked for meanwhile. */
      panicAt: -1,
      most: 0,
    };
    const mean = (seconds: number): number => {
      const { ring, seen } = state;
      const count = Math.min(seen, Math.max(1, Math.round(seconds / tick)));
      let sum = 0;
      for (let i = 1; i <= count; i++) sum += ring[(seen - i) % ring.length]!;
      return sum / count;
    };
    return {
      state,
      tickSeconds: tick,
      tick: (pool) => {
        const { now, load } = pool;
        let requests = pool.heldCount;
        for (let i = 0; i < pool.replicaCount; i++) requests += load.outstanding[pool.replicas[i]!]!;
        state.ring[state.seen++ % state.ring.length] = requests;
        const ready = Math.max(1, pool.ready);
        const target = (values.target * values.utilisation) / 100;
        const within = (replicas: number): number =>
          Math.min(Math.ceil(values.upRate * ready), Math.max(Math.floor(ready / values.downRate), replicas));
        const stable = within(Math.ceil(mean(values.stable) / target));
        const short = Math.ceil(mean(values.panic) / target);
        if (short / ready >= values.threshold / 100) state.panicAt = now;
        else if (state.panicAt >= 0 && now - state.panicAt > values.stable) {
          state.panicAt = -1;
          state.most = 0;
        }
        let wanted = stable;
        if (state.panicAt >= 0) wanted = state.most = Math.max(state.most, stable, within(short));
        pool.because("requests in the stable window", mean(values.stable));
        pool.because("requests in the panic window", mean(values.panic));
        pool.because("panic", state.panicAt >= 0 ? 1 : 0);
        return Math.max(1, wanted) - pool.ordered;
      },
    };
  },
});
