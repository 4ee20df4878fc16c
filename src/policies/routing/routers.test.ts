// Each router's choices by hand, from a fleet given as numbers.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FleetView, Router, RoutingDefinition } from "../../engine/contracts.ts";
import { randomStream } from "../../engine/kernel/random.ts";
import { withDefaults } from "../../engine/params.ts";
import { leastOutstanding } from "./least-outstanding.ts";
import { powerOfTwo } from "./power-of-two.ts";
import { random } from "./random.ts";
import { roundRobin } from "./round-robin.ts";

interface Fleet {
  candidates: number[];
  outstanding?: number[];
  waiting?: number[];
  tokens?: number[];
}

const create = (definition: RoutingDefinition, values: Record<string, unknown> = {}): Router =>
  definition.create(withDefaults(definition.params, values) as never, {
    random: (name) => randomStream(1, name),
    tenantCount: 1,
    tenantWeights: [1],
  });

const view = ({ candidates, outstanding = [], waiting = [], tokens = [] }: Fleet): FleetView =>
  ({
    candidates: Int32Array.from(candidates),
    candidateCount: candidates.length,
    load: {
      at: 0,
      outstanding: Int32Array.from(outstanding),
      waiting: Int32Array.from(waiting),
      outstandingTokens: Float64Array.from(tokens),
    },
  }) as unknown as FleetView;

const choices = (router: Router, fleets: readonly Fleet[]): number[] => fleets.map((fleet) => router.route(0, view(fleet)));

describe("least outstanding", () => {
  const idle = { candidates: [0, 1, 2], outstanding: [0, 0, 0] };

  test("takes the least, and equals take turns", () => {
    expect(choices(create(leastOutstanding), [{ candidates: [0, 1, 2], outstanding: [3, 1, 2] }])).toEqual([1]);
    expect(choices(create(leastOutstanding), [idle, idle, idle, idle])).toEqual([0, 1, 2, 0]);
    expect(choices(create(leastOutstanding), [idle, { ...idle, outstanding: [1, 1, 0] }, { ...idle, outstanding: [1, 1, 1] }])).toEqual([
      0, 2, 0,
    ]);
  });

  test("ties to the first, when asked", () => {
    expect(choices(create(leastOutstanding, { tiesToFirst: true }), [idle, idle, { candidates: [1, 2], outstanding: [9, 4, 4] }])).toEqual([
      0, 0, 1,
    ]);
  });

  test("counts tokens, or waiting requests only", () => {
    const fleet = { candidates: [0, 1], outstanding: [1, 5], waiting: [1, 0], tokens: [4000, 900] };
    expect(choices(create(leastOutstanding), [fleet])).toEqual([0]);
    expect(choices(create(leastOutstanding, { count: "tokens" }), [fleet])).toEqual([1]);
    expect(choices(create(leastOutstanding, { waitingOnly: true }), [fleet])).toEqual([1]);
  });

  test("the first of the least from the turn on, going round, with gaps among the candidates and without", () => {
    const fleets = fc.array(fc.array(fc.tuple(fc.boolean(), fc.nat(3)), { minLength: 1, maxLength: 40 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(fleets, fc.boolean(), fc.nat(5), (list, gaps, offset) => {
        const rows = list.map((replicas) => {
          const outstanding = [...Array.from({ length: offset }, () => -1), ...replicas.map(([, load]) => load)];
          const all = replicas.map((_, index) => offset + index);
          const some = all.filter((_, index) => !gaps || replicas[index]![0]);
          return { candidates: some.length > 0 ? some : all, outstanding };
        });
        let turn = 0;
        const expected = rows.map(({ candidates, outstanding }) => {
          const start = turn >= candidates.length ? 0 : turn;
          const round = [...candidates.slice(start), ...candidates.slice(0, start)];
          const least = Math.min(...round.map((replica) => outstanding[replica]!));
          const chosen = round.find((replica) => outstanding[replica] === least)!;
          turn = candidates.indexOf(chosen) + 1;
          return chosen;
        });
        expect(choices(create(leastOutstanding), rows)).toEqual(expected);
      }),
    );
  });
});

test("round robin goes on over the replicas that are there", () => {
  const three = { candidates: [0, 1, 2] };
  expect(choices(create(roundRobin), [three, three, three, three, { candidates: [0, 2] }, { candidates: [0, 2] }, three])).toEqual([
    0, 1, 2, 0, 0, 2, 0,
  ]);
});

test("random takes every replica equally often", () => {
  const counts = [0, 0, 0, 0, 0, 0];
  for (const choice of choices(
    create(random),
    Array.from({ length: 30_000 }, () => ({ candidates: [1, 3, 5] })),
  ))
    counts[choice]!++;
  // Chi-squared with 2 degrees of freedom: beyond 13.8 once in a thousand.
  expect([1, 3, 5].reduce((sum, i) => sum + (counts[i]! - 10_000) ** 2 / 10_000, 0)).toBeLessThan(13.8);
  expect(counts[0]! + counts[2]! + counts[4]!).toBe(0);
});

describe("power of two choices", () => {
  const draw = (fleet: Fleet, count = 30_000): number[] => {
    const counts = new Array<number>(6).fill(0);
    for (const choice of choices(
      create(powerOfTwo),
      Array.from({ length: count }, () => fleet),
    ))
      counts[choice]!++;
    return counts;
  };

  test("two different replicas are compared: of three, the worst is never taken, the best two times in three", () => {
    const [best, middle, worst] = draw({ candidates: [0, 1, 2], outstanding: [0, 1, 2] });
    expect(worst).toBe(0);
    // Five standard deviations of a binomial with p = 2/3.
    expect(Math.abs(best! - 20_000)).toBeLessThan(5 * Math.sqrt(30_000 * (2 / 9)));
    expect(best! + middle!).toBe(30_000);
  });

  test("equal loads are drawn evenly; a single replica takes all", () => {
    const counts = draw({ candidates: [0, 1, 2], outstanding: [5, 5, 5] });
    for (const count of counts.slice(0, 3)) expect(Math.abs(count - 10_000)).toBeLessThan(5 * Math.sqrt(30_000 * (2 / 9)));
    expect(draw({ candidates: [4], outstanding: [0, 0, 0, 0, 9] }, 10)[4]).toBe(10);
  });

  test("counts tokens when asked", () => {
    const fleet = { candidates: [0, 1], outstanding: [0, 9], tokens: [5000, 10] };
    expect(choices(create(powerOfTwo, { count: "tokens" }), [fleet, fleet, fleet])).toEqual([1, 1, 1]);
  });
});
