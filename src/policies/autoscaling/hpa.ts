// The HorizontalPodAutoscaler of Kubernetes (autoscaling/v2): its formula, tolerance, pods that are not ready, stabilisation windows and scaling
// policies. https://kubernetes.io/docs/concepts/workloads/autoscaling/horizontal-pod-autoscale/; defaults are those of Kubernetes.
import { definePolicy } from "../../engine/contracts.ts";
import type { PoolView } from "../../engine/contracts.ts";
import { choice, number } from "../../engine/params.ts";

const seconds = (initial: number, help: string, label: string) => number(initial, help, { label, min: 0, max: 100_000, unit: "s" });
const share = (initial: number, help: string, label: string) => number(initial, help, { label, min: 0, max: 10_000, unit: "%" });
const pods = (initial: number, help: string, label: string) => number(initial, help, { label, min: 0, max: 65536 });

/** Changes within the last `period`, newest last. */
interface Changes {
  readonly at: number[];
  readonly count: number[];
}

function within({ at, count }: Changes, from: number): number {
  while (at.length > 0 && at[0]! <= from) {
    at.shift();
    count.shift();
  }
  return count.reduce((sum, one) => sum + one, 0);
}

export const hpa = definePolicy({
  kind: "autoscaling",
  id: "hpa",
  label: "Kubernetes HPA",
  help: "Replicas in proportion to a metric over its target, with the tolerance, stabilisation windows and scaling policies of Kubernetes' HorizontalPodAutoscaler and its defaults.",
  params: {
    metric: choice("utilisation", { utilisation: "Busy share", queue: "Requests per replica" }, "What is held at its target."),
    utilisation: number(80, "Share of time in which a replica runs an iteration. A busy engine is not a full one: batches grow.", {
      label: "Target busy",
      min: 1,
      max: 100,
      unit: "%",
    }),
    queue: number(8, "Requests per replica, waiting and running; those held at the router count too.", {
      label: "Target requests",
      min: 0.1,
      max: 100_000,
    }),
    tolerance: number(0.1, "No change while the metric is this close to its target, as a share of it.", {
      label: "Tolerance",
      min: 0,
      max: 1,
      step: 0.01,
    }),
    sync: number(15, "Time between two looks.", { label: "Every", min: 1, max: 3600, unit: "s" }),
    upWindow: seconds(0, "Scale up to the lowest wish of this long.", "Stabilise up"),
    downWindow: seconds(300, "Scale down to the highest wish of this long.", "Stabilise down"),
    upPods: pods(4, "At most so many more in a period, or the share below, whichever is more.", "Pods up"),
    upPercent: share(100, "At most this share more in a period.", "Share up"),
    upPeriod: seconds(15, "Period of the limits on scaling up.", "Period up"),
    downPods: pods(0, "At most so many fewer in a period, or the share below, whichever is more.", "Pods down"),
    downPercent: share(100, "At most this share fewer in a period.", "Share down"),
    downPeriod: seconds(15, "Period of the limits on scaling down.", "Period down"),
  },
  create: (values) => {
    const state = {
      at: -1,
      /** Busy seconds of the ready replicas at the last look. */
      busy: new Map<number, number>(),
      wishes: { at: [], count: [] } as Changes,
      ups: { at: [], count: [] } as Changes,
      downs: { at: [], count: [] } as Changes,
    };

    /** Sum of the metric over the ready replicas, as multiples of the target. */
    const measure = (pool: PoolView): number => {
      const { now, load } = pool;
      const ready = pool.replicas.subarray(0, pool.replicaCount);
      if (values.metric === "queue") return ready.reduce((sum, r) => sum + load.outstanding[r]!, pool.heldCount) / values.queue;
      const busy = new Map(Array.from(ready, (r) => [r, pool.busySeconds(r)]));
      let sum = 0;
      for (const [r, seconds] of busy) sum += (seconds - (state.busy.get(r) ?? 0)) / (now - state.at);
      state.busy = busy;
      return (sum * 100) / values.utilisation;
    };

    /** Replicas that the metric asks for. Those that start count as idle when there are too few, and not at all when there are too many. */
    const desired = (pool: PoolView, sum: number): number => {
      const { ordered, starting } = pool;
      const far = (ratio: number): boolean => Math.abs(ratio - 1) > values.tolerance;
      const ratio = sum / pool.ready;
      pool.because("metric / target", ratio);
      if (starting === 0 || ratio <= 1) return far(ratio) ? Math.ceil(sum) : ordered;
      const all = sum / (pool.ready + starting);
      pool.because("metric / target with those that start", all);
      return all > 1 && far(all) ? Math.max(ordered, Math.ceil(sum)) : ordered;
    };

    /** The lowest and highest wish of the windows. */
    const stabilised = (pool: PoolView, wish: number): number => {
      const { now, ordered } = pool;
      const { wishes } = state;
      within(wishes, now - Math.max(values.upWindow, values.downWindow));
      let low = wish;
      let high = wish;
      wishes.count.forEach((before, i) => {
        if (wishes.at[i]! > now - values.upWindow) low = Math.min(low, before);
        if (wishes.at[i]! > now - values.downWindow) high = Math.max(high, before);
      });
      wishes.at.push(now);
      wishes.count.push(wish);
      pool.because("replicas wanted now", wish);
      return Math.min(Math.max(ordered, low), high);
    };

    const limited = ({ now, ordered }: PoolView, wanted: number): number => {
      if (wanted > ordered) {
        const start = ordered - within(state.ups, now - values.upPeriod) + within(state.downs, now - values.upPeriod);
        return Math.min(wanted, Math.max(ordered, start + values.upPods, Math.ceil(start * (1 + values.upPercent / 100))));
      }
      const start = ordered - within(state.ups, now - values.downPeriod) + within(state.downs, now - values.downPeriod);
      return Math.max(wanted, Math.min(ordered, start - values.downPods, Math.floor(start * (1 - values.downPercent / 100))));
    };

    return {
      state,
      tickSeconds: values.sync,
      tick: (pool) => {
        const { now, ordered } = pool;
        const first = state.at < 0;
        const sum = first && values.metric === "utilisation" ? NaN : measure(pool);
        state.at = now;
        if (ordered < pool.minReplicas) return pool.minReplicas - ordered;
        // Nothing is known yet, or nobody is there to ask.
        if (!(sum >= 0) || pool.ready === 0) return 0;
        const wanted = Math.min(pool.maxReplicas, Math.max(pool.minReplicas, stabilised(pool, desired(pool, sum))));
        const change = Math.trunc(limited(pool, wanted)) - ordered;
        if (change !== 0) {
          const changes = change > 0 ? state.ups : state.downs;
          changes.at.push(now);
          changes.count.push(Math.abs(change));
        }
        return change;
      },
    };
  },
});
