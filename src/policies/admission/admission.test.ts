// The admission rules: what every one must hold, and their choices by hand.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Status, Verdict, definePolicy } from "../../engine/contracts.ts";
import type { AdmissionDefinition, FleetView } from "../../engine/contracts.ts";
import { createEngine } from "../../engine/index.ts";
import { randomStream } from "../../engine/kernel/random.ts";
import { withDefaults } from "../../engine/params.ts";
import { Ledger } from "../../engine/testing-ledger.ts";
import { configOf, linearLatency, runAll, textOf } from "../../engine/testing.ts";
import { sarathi } from "../batching/sarathi.ts";
import { roundRobin } from "../routing/round-robin.ts";
import { configFrom, recipes, routerOf } from "../testing-scenarios.ts";
import { admission } from "./index.ts";
import { queueLimit } from "./queue-limit.ts";

describe.each(admission)("$id", (definition) => {
  test("gives a verdict on every request, and the books balance; the same again", () => {
    fc.assert(
      fc.property(recipes, fc.nat(6), (recipe, limit) => {
        const verdicts = new Set<number>();
        const watched: AdmissionDefinition = {
          ...definition,
          create: (values, context) => {
            const rule = definition.create(values, context);
            return {
              ...rule,
              admit: (slot, fleet) => {
                const verdict = rule.admit(slot, fleet);
                verdicts.add(verdict);
                return verdict;
              },
            };
          },
        };
        const texts = [0, 1].map(() => {
          const ledger = new Ledger();
          const values = "limit" in definition.params ? { limit } : {};
          const config = { ...configFrom(recipe, sarathi, routerOf(recipe), false), admission: { definition: watched, values } };
          const engine = createEngine(config, { keepRequests: true, recorders: [ledger] });
          ledger.attach(engine);
          engine.simulation.runUntil(Infinity, 200_000);
          engine.simulation.finish();
          expect(ledger.check(engine, true)).toEqual([]);
          return textOf(engine);
        });
        expect(texts[0]).toEqual(texts[1]);
        expect([...verdicts].every((verdict) => (Object.values(Verdict) as number[]).includes(verdict))).toBe(true);
      }),
      { numRuns: 40 },
    );
  });
});

describe("queue limit", () => {
  const verdict = (values: object, waiting: number[], heldCount: number): number =>
    queueLimit
      .create(withDefaults(queueLimit.params, { ...values }) as never, {
        random: (name) => randomStream(1, name),
        tenantCount: 1,
        tenantWeights: [1],
      })
      .admit(0, {
        candidates: Int32Array.from(waiting.keys()),
        candidateCount: waiting.length,
        load: {
          at: 0,
          outstanding: Int32Array.from(waiting),
          waiting: Int32Array.from(waiting),
          outstandingTokens: new Float64Array(waiting.length),
        },
        heldCount,
      } as unknown as FleetView);

  test.each([
    ["the shortest queue counts", { limit: 3 }, [5, 2], 0, Verdict.accept],
    ["every queue is full", { limit: 3 }, [5, 3], 0, Verdict.refuse],
    ["requests held at the router wait too", { limit: 3 }, [5, 2], 1, Verdict.refuse],
    ["all queues together", { limit: 8, per: "fleet" }, [5, 2], 0, Verdict.accept],
    ["all queues together are full", { limit: 7, per: "fleet" }, [5, 2], 0, Verdict.refuse],
    ["nobody may wait", { limit: 0 }, [0, 0], 0, Verdict.refuse],
    ["without a replica those held count", { limit: 2 }, [], 1, Verdict.accept],
  ])("%s", (_name, values, waiting, held, expected) => {
    expect(verdict(values, waiting, held)).toBe(expected);
  });

  test("in a run: one at a time, one may wait, the third of three at once is refused", () => {
    const rows = [0, 0, 0, 0.05].map((at) => ({ at, prompt: 10, output: 1 }));
    const log = runAll(
      configOf({
        pools: [{ batching: { definition: sarathi, values: { batchCap: 1 } }, latency: linearLatency({ base: 0.01 }) }],
        routing: roundRobin,
        admission: { definition: queueLimit, values: { limit: 2 } },
        source: rows,
      }),
    ).requests();
    // The first two stand in the queue before the replica looks at it; both count as waiting when the third comes.
    expect(Array.from(log.id, (id, row) => [id, log.status[row]]).sort()).toEqual([
      [0, Status.completed],
      [1, Status.completed],
      [2, Status.refused],
      [3, Status.completed],
    ]);
    const refused = log.id.indexOf(2);
    expect([log.finishedAt[refused], log.replica[refused], log.scheduledAt[refused]]).toEqual([0, -1, NaN]);
  });
});

test("a rule may hold requests until a time it names, and downgrade them: they are served, and meet no objective", () => {
  const holdUntil = definePolicy({
    kind: "admission",
    id: "hold-until",
    label: "Hold",
    help: "",
    params: {},
    create: () => ({
      admit: (slot, fleet) => {
        if (fleet.now < 1) {
          fleet.lookAgainAt(1);
          return Verdict.hold;
        }
        return fleet.requests.id[slot] === 0 ? Verdict.accept : Verdict.downgrade;
      },
    }),
  });
  const rows = [0, 0.5, 2].map((at) => ({ at, prompt: 10, output: 2 }));
  const engine = runAll(
    configOf({ pools: [{ batching: sarathi }], routing: roundRobin, admission: holdUntil, source: rows, slo: { ttft: 5, tpot: 5 } }),
  );
  const log = engine.requests();
  expect([...log.scheduledAt]).toEqual([1, 1, 2]);
  expect([...log.met]).toEqual([1, 0, 0]);
  expect(engine.summary(true).slo.attainment).toBeCloseTo(1 / 3, 12);
});
