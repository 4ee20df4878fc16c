// Deficit round robin (Shreedhar and Varghese, SIGCOMM 1995) over tenants, charged by tokens as they are produced.
import { definePolicy } from "../../engine/contracts.ts";
import type { LaneClock } from "../../engine/contracts.ts";
import { integer } from "../../engine/params.ts";
import { costOf, costParams } from "./costs.ts";
import { ServiceLedger } from "./service-ledger.ts";
import { TenantQueues } from "./tenant-queues.ts";

export const deficitRoundRobin = definePolicy({
  kind: "ordering",
  id: "deficit-round-robin",
  label: "Deficit round robin",
  help: "Tenants take turns: whose allowance is used up gets another quantum (times its weight) and goes to the end of the round. Tokens are charged as they are produced, so an allowance may be overdrawn.",
  params: {
    ...costParams,
    quantum: integer(500, "What a turn allows, in the cost of tokens. The VTC artifact takes a twentieth of the KV pool's tokens.", {
      min: 1,
      max: 10_000_000,
      scale: "log",
    }),
  },
  create: ({ quantum, ...values }, { requests, tenantCount, tenantWeights, lanes }) => {
    const ledger = new ServiceLedger(costOf(values), tenantCount, lanes, requests);
    const queues = new TenantQueues(tenantCount);
    /** Waiting tenants in the order of their turns; by tenant, what all its turns allowed. */
    const state = { ledger: ledger.state, queues, turns: [] as number[], allowed: new Float64Array(tenantCount) };
    const { turns, allowed } = state;
    const allowance = (tenant: number, clock: LaneClock): number => allowed[tenant]! - ledger.chargedTo(tenant, clock);

    /** Whose turn it is, after how many turns: looking ahead takes none of them, so it does not matter who looks how often. */
    const lookAhead = (clock: LaneClock): { readonly taken: number; readonly left: number } => {
      const lefts = turns.map((tenant) => allowance(tenant, clock));
      for (let taken = 0; ; taken++) {
        const place = taken % turns.length;
        if (lefts[place]! > 0) return { taken, left: lefts[place]! };
        lefts[place] = lefts[place]! + quantum * tenantWeights[turns[place]!]!;
      }
    };
    const turnAfter = (taken: number): number => turns[taken % turns.length]!;

    const take = (count: number): void => {
      for (let i = 0; i < count; i++) {
        const tenant = turns.shift()!;
        allowed[tenant] = allowed[tenant]! + quantum * tenantWeights[tenant]!;
        turns.push(tenant);
      }
    };

    return {
      state,
      queued: (slot, again) => {
        const tenant = requests.tenant[slot]!;
        if (queues.count[tenant] === 0) turns.push(tenant);
        queues.add(slot, tenant, again);
      },
      next: (clock) => queues.first[turnAfter(lookAhead(clock).taken)]!,
      staysFor: (clock) => {
        // As long as it is above 0 after as many turns, those before it are not.
        const { taken, left } = lookAhead(clock);
        const steps = Math.floor(left / ledger.perIteration(turnAfter(taken)));
        return steps >= 1 ? steps : 1;
      },
      admitted: (slot, clock) => {
        const tenant = requests.tenant[slot]!;
        take(lookAhead(clock).taken);
        queues.take(slot, requests);
        if (!ledger.knows(slot))
          ledger.charge(slot, requests.computed[slot]! < requests.target[slot]! ? requests.promptTokens[slot]! : 0, 0);
        if (queues.count[tenant]! > 0) return;
        turns.splice(turns.indexOf(tenant), 1);
        // What is left of an allowance does not outlast the queue.
        allowed[tenant] = Math.min(allowed[tenant]!, ledger.chargedTo(tenant, clock));
      },
      produced: (slot) => ledger.produce(slot),
      joined: (slot, lane, iteration) => ledger.join(slot, lane, iteration),
      left: (slot, lane, iteration) => ledger.leave(slot, lane, iteration),
      finished: () => undefined,
      cleared: () => {
        queues.clear();
        ledger.clear();
        turns.length = 0;
        allowed.fill(0);
      },
    };
  },
});
