// Virtual counters: each tenant is charged what its requests cost, and the tenant with the smallest counter comes in next. What VTC, its artifact and
// least-counter-first have in common (Sheng et al., "Fairness in Serving Large Language Models", OSDI 2024, algorithms 2 to 4).
import type { LaneClock, Ordering, OrderingContext } from "../../engine/contracts.ts";
import type { Cost } from "./costs.ts";
import type { Predictor } from "./predictions.ts";
import { ServiceLedger } from "./service-ledger.ts";
import { TenantQueues } from "./tenant-queues.ts";

export interface CounterRules {
  readonly cost: Cost;
  readonly predictor: Predictor | null;
  /**
   * Where the counter of a tenant that comes back to an empty queue is raised to: the smallest of the tenants that wait, and, when nobody waits, that of
   * the tenant whose queue ran empty last ("last"); the same, but nowhere when nobody waits ("waiting"); nowhere ("never").
   */
  readonly lift: "last" | "waiting" | "never";
  /** Charges whole batches a token too many whenever a request of them ends, and no first token. */
  readonly chargesBatches?: boolean;
}

/** Counters as they can be looked at: the tests of their laws do. */
export interface FairCounters extends Ordering {
  counterOf(tenant: number, clock: LaneClock): number;
}

export function fairCounters(rules: CounterRules, { requests, tenantCount, tenantWeights, lanes }: OrderingContext): FairCounters {
  const { cost, predictor, lift, chargesBatches = false } = rules;
  const ledger = new ServiceLedger(cost, tenantCount, lanes, requests);
  const queues = new TenantQueues(tenantCount);
  const state = {
    ledger: ledger.state,
    queues,
    predictor: predictor?.state ?? {},
    /** By tenant: how far its counter was raised; its place in the order of first sight, which breaks ties. */
    lifted: new Float64Array(tenantCount),
    seen: new Int32Array(tenantCount),
    seenCount: 0,
    /** Tenant whose queue ran empty last; -1: none yet. */
    ranEmpty: -1,
    /** By lane: iteration at whose end a batch was charged last. */
    chargedAt: new Float64Array(lanes).fill(-1),
  };
  const { count, first } = queues;

  const counterOf = (tenant: number, clock: LaneClock): number =>
    state.lifted[tenant]! + ledger.chargedTo(tenant, clock) / tenantWeights[tenant]!;

  /** The waiting tenant with the smallest counter; -1 when nobody waits. */
  const smallest = (clock: LaneClock): number => {
    let best = -1;
    let least = Infinity;
    for (let tenant = 0; tenant < tenantCount; tenant++) {
      if (count[tenant] === 0) continue;
      const counter = counterOf(tenant, clock);
      if (counter < least || (counter === least && state.seen[tenant]! < state.seen[best]!)) {
        best = tenant;
        least = counter;
      }
    }
    return best;
  };

  const chargeBatch = (lane: number, iteration: number): void => {
    if (state.chargedAt[lane] === iteration) return;
    state.chargedAt[lane] = iteration;
    ledger.chargeRunning(lane);
  };

  const raise = (tenant: number, clock: LaneClock): void => {
    const other = smallest(clock);
    const from = other >= 0 ? other : lift === "last" ? state.ranEmpty : -1;
    if (from < 0) return;
    const missing = counterOf(from, clock) - counterOf(tenant, clock);
    if (missing > 0) state.lifted[tenant] = state.lifted[tenant]! + missing;
  };

  return {
    state,
    counterOf,
    queued: (slot, again, clock) => {
      const tenant = requests.tenant[slot]!;
      if (state.seen[tenant] === 0) state.seen[tenant] = ++state.seenCount;
      if (count[tenant] === 0 && !again && lift !== "never") raise(tenant, clock);
      queues.add(slot, tenant, again);
    },
    next: (clock) => first[smallest(clock)]!,
    staysFor: (clock) => {
      const next = smallest(clock);
      const rate = ledger.perIteration(next) / tenantWeights[next]!;
      const counter = counterOf(next, clock);
      let steps = Infinity;
      for (let tenant = 0; tenant < tenantCount; tenant++) {
        if (tenant === next || count[tenant] === 0) continue;
        const closing = rate - ledger.perIteration(tenant) / tenantWeights[tenant]!;
        // Not a number: the cost changes from one iteration to the next.
        if (!(closing <= 0)) steps = Math.min(steps, Math.floor((counterOf(tenant, clock) - counter) / closing));
      }
      return steps >= 1 ? steps : 1;
    },
    admitted: (slot) => {
      const tenant = requests.tenant[slot]!;
      queues.take(slot, requests);
      if (count[tenant] === 0) state.ranEmpty = tenant;
      if (ledger.knows(slot)) return;
      // A prompt that was computed elsewhere was charged there.
      const prompt = requests.computed[slot]! < requests.target[slot]! ? requests.promptTokens[slot]! : 0;
      ledger.charge(slot, prompt, predictor?.predict(slot) ?? 0);
    },
    produced: (slot) => {
      if (!chargesBatches) ledger.produce(slot);
    },
    joined: (slot, lane, iteration) => ledger.join(slot, lane, iteration),
    left: (slot, lane, iteration) => {
      // The batch is charged before the first of those that end leaves it.
      if (chargesBatches && requests.left[slot] === 0) chargeBatch(lane, iteration);
      ledger.leave(slot, lane, iteration);
    },
    finished: (slot) => {
      // Nobody decoded it: it ends with its prompt.
      if (chargesBatches && requests.outputTokens[slot] === 1) ledger.produce(slot);
      ledger.refund(slot);
      predictor?.finished(slot);
    },
    cleared: () => {
      queues.clear();
      ledger.clear();
      state.lifted.fill(0);
      state.seen.fill(0);
      state.seenCount = 0;
      state.ranEmpty = -1;
      state.chargedAt.fill(-1);
    },
  };
}
