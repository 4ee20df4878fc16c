// What must hold for the decisions of prefix routers, whatever the fleet: the invariants of the policies' descriptions, with generated inputs.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { definePolicy } from "../../../engine/contracts.ts";
import type { RoutingDefinition } from "../../../engine/contracts.ts";
import { createEngine } from "../../../engine/index.ts";
import type { Row } from "../../../engine/testing.ts";
import { CONTENT_TOKENS, configOf, linearLatency } from "../../../engine/testing.ts";
import { sarathi } from "../../batching/sarathi.ts";
import { random as randomRouter } from "../random.ts";
import { rayPowerOfTwo } from "../ray-power-of-two.ts";
import { rayPrefixAware } from "../ray-prefix-aware.ts";
import { BlockIndex } from "./block-index.ts";
import { costChances, kvCost } from "./kv-cost.ts";
import { chooseKnown } from "./lowest-queue.ts";
import { NameList } from "./name-list.ts";
import { rayChoice, sglangChoice } from "./prefix-choice.ts";
import { PrefixTree } from "./prefix-tree.ts";
import { RayRouter, rayMethods } from "./ray-router.ts";
import { Ring } from "./ring.ts";
import { symbolsOf } from "./testing-text.ts";

const RUNS = Number(process.env["PROPERTY_RUNS"] ?? 100);

describe("power of two", () => {
  const lengths = fc.array(fc.oneof(fc.constant(-1), fc.nat(9)), { minLength: 1, maxLength: 2 });

  test("the shortest known queue is taken, and the only known one even if the other may be shorter; all unknown ones are asked", () => {
    fc.assert(
      fc.property(lengths, (queues) => {
        const pair = queues.map((_, i) => i + 3);
        const { chosen, ask } = chooseKnown(pair, (replica) => queues[replica - 3]!);
        const known = queues.filter((queue) => queue >= 0);
        expect(ask).toEqual(pair.filter((_, i) => queues[i]! < 0));
        if (known.length === 0) expect(chosen).toBe(-1);
        else expect(queues[chosen - 3]).toBe(Math.min(...known));
      }),
      { numRuns: RUNS },
    );
  });

  /** A power-of-two router of Ray that is watched. */
  const watched = (maxOngoing: number, probeSeconds: number, routers: number, problems: string[]): RoutingDefinition =>
    definePolicy({
      kind: "routing",
      id: "watched",
      label: "",
      help: "",
      params: {},
      create: (_values, context) => {
        let group: readonly number[] = [];
        const ray = new RayRouter(
          { maxOngoing, cacheSeconds: 0.5, probeSeconds, routers, perNode: 0, perZone: 0 },
          { readsQueues: false, groupOf: (_slot, _fleet, _candidates, pair) => (group = pair) },
          context.random("pair"),
        );
        const methods = rayMethods(ray);
        let before = -1;
        return {
          state: ray.state,
          ...methods,
          route: (slot, fleet) => {
            group = ray.state.waiting.get(slot)?.group ?? [];
            const replica = ray.route(slot, fleet);
            if (replica < 0) return replica;
            const id = fleet.requests.id[slot]!;
            if (!group.includes(replica)) problems.push(`request ${id} went to ${replica}, drawn were ${group.join()}`);
            if (new Set(group).size !== Math.min(2, fleet.candidateCount)) problems.push(`drawn were ${group.join()}`);
            if (fleet.load.outstanding[replica]! >= maxOngoing) problems.push(`request ${id} went to a full replica`);
            if (id < before) problems.push(`request ${id} was placed after ${before}`);
            before = id;
            return replica;
          },
        };
      },
    });

  test("only drawn replicas are taken, none has more than it may, and requests are placed in the order of arrival", () => {
    const recipe = fc.record({
      replicas: fc.integer({ min: 1, max: 4 }),
      maxOngoing: fc.integer({ min: 1, max: 4 }),
      probeSeconds: fc.constantFrom(0, 0.002, 0.3),
      routers: fc.integer({ min: 1, max: 3 }),
      rows: fc.array(fc.record({ gap: fc.nat(30), prompt: fc.integer({ min: 1, max: 200 }), output: fc.integer({ min: 1, max: 30 }) }), {
        minLength: 1,
        maxLength: 40,
      }),
    });
    fc.assert(
      fc.property(recipe, ({ replicas, maxOngoing, probeSeconds, routers, rows }) => {
        const problems: string[] = [];
        let at = 0;
        const source: Row[] = rows.map(({ gap, prompt, output }) => ({ at: (at += gap / 100), prompt, output }));
        const engine = createEngine(
          configOf({ pools: [{ batching: sarathi, replicas }], routing: watched(maxOngoing, probeSeconds, routers, problems), source }),
          { keepRequests: true },
        );
        engine.simulation.runUntil(Infinity, 100_000);
        engine.simulation.finish();
        expect(problems).toEqual([]);
        expect(engine.summary(true).requests.completed).toBe(rows.length);
      }),
      { numRuns: RUNS },
    );
  });

  test("with equal service times its queues differ far less than those of chance", () => {
    const gap = (routing: RoutingDefinition): number => {
      const rows = Array.from({ length: 6000 }, (_, i) => ({ at: i / 170, prompt: 1, output: 1 }));
      const pool = {
        batching: { definition: sarathi, values: { batchCap: 1 } },
        replicas: 16,
        latency: linearLatency({ base: 0.09, perToken: 0 }),
      };
      const { simulation } = createEngine(configOf({ pools: [pool], routing, source: rows }), { keepRequests: false });
      let sum = 0;
      let samples = 0;
      for (let time = 5; time < 35; time += 0.1) {
        simulation.runUntil(time);
        const queues = simulation.load.outstanding.slice(0, 16);
        sum += Math.max(...queues) - Math.min(...queues);
        samples++;
      }
      return sum / samples;
    };
    const two = gap(rayPowerOfTwo);
    expect(two).toBeLessThan(4);
    expect(gap(randomRouter)).toBeGreaterThan(3 * two);
  });
});

describe("by prefix", () => {
  const text = fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 10 }).map((letters) => letters.join(""));
  const inputs = fc.record({
    inserts: fc.array(fc.tuple(text, fc.nat(4)), { maxLength: 12 }),
    prompt: text,
    queues: fc.array(fc.nat(20), { minLength: 5, maxLength: 5 }),
    candidates: fc.uniqueArray(fc.nat(4), { minLength: 1 }),
    imbalance: fc.constantFrom(-1, 0, 5, 10, Infinity),
    matchRate: fc.constantFrom(0, 0.1, 0.5, 1),
  });
  const treeOf = (inserts: readonly (readonly [string, number])[]): PrefixTree => {
    const tree = new PrefixTree();
    for (let replica = 0; replica < 5; replica++) tree.add(replica);
    inserts.forEach(([inserted, replica], time) => {
      const symbols = symbolsOf(inserted);
      tree.insert(symbols, symbols.length, replica, time);
    });
    return tree;
  };
  const textOf = (prompt: string) => ({ symbols: symbolsOf(prompt), length: prompt.length });

  test("even and known enough: owners of what was matched; uneven: the pair; a threshold of -1 is power of two", () => {
    fc.assert(
      fc.property(inputs, ({ inserts, prompt, queues, candidates, imbalance, matchRate }) => {
        const tree = treeOf(inserts);
        const own = candidates.map((replica) => queues[replica]!);
        const spread = Math.max(...own) - Math.min(...own);
        const { branch, group, matchRate: found } = rayChoice(tree, textOf(prompt), candidates, candidates, own, { imbalance, matchRate });
        expect(branch === "load").toBe(spread > imbalance);
        if (imbalance === -1) expect(branch).toBe("load");
        if (branch === "load") return;
        expect(branch === "prefix").toBe(found >= matchRate);
        expect(group.length).toBeGreaterThan(0);
        for (const replica of group) {
          expect(candidates).toContain(replica);
          if (branch === "prefix") expect(tree.ownsLast(replica)).toBe(true);
          else for (const other of candidates) expect(tree.countOf(replica)).toBeLessThanOrEqual(tree.countOf(other));
        }
      }),
      { numRuns: 3 * RUNS },
    );
  });

  test("SGLang: uneven needs both tests; who is matched has more than the share", () => {
    fc.assert(
      fc.property(inputs, ({ inserts, prompt, queues, matchRate }) => {
        const tree = treeOf(inserts);
        const all = [0, 1, 2, 3, 4];
        const limits = { absolute: 5, relative: 1.5, share: matchRate };
        const { branch, group, matchRate: found } = sglangChoice(tree, textOf(prompt), all, queues, limits);
        const [most, least] = [Math.max(...queues), Math.min(...queues)];
        expect(branch === "load").toBe(most - least > 5 && most > 1.5 * least);
        if (branch === "load") return;
        expect(branch === "prefix").toBe(found > matchRate);
        if (branch === "prefix") for (const replica of group) expect(tree.ownsLast(replica)).toBe(true);
      }),
      { numRuns: RUNS },
    );
  });

  test("cold, it is the least loaded of all: every tree is the smallest", () => {
    const { branch, group } = rayChoice(treeOf([]), textOf("abc"), [0, 1, 2, 3, 4], [0, 1, 2, 3, 4], [4, 2, 0, 1, 3], {
      imbalance: Infinity,
      matchRate: 0.1,
    });
    expect([branch, group]).toEqual(["smallest", [0, 1, 2, 3, 4]]);
    expect(chooseKnown(group, (replica) => [4, 2, 0, 1, 3][replica]!).chosen).toBe(2);
  });

  test("equal prompts stay on one replica without a limit to unevenness, until it is full; then they wait for it", () => {
    const ids = Array.from({ length: 5 }, (_, i) => i);
    const rows = Array.from({ length: 30 }, (_, i) => ({ at: i / 1000, prompt: 5 * CONTENT_TOKENS, output: 20, ids }));
    const routed: number[] = [];
    let most = 0;
    const engine = createEngine(
      configOf({
        pools: [{ batching: sarathi, replicas: 4 }],
        routing: { definition: rayPrefixAware, values: { imbalance: Infinity, maxOngoing: 7 } },
        source: rows,
      }),
      {
        keepRequests: true,
        recorders: [
          {
            routed: (_slot, replica) => {
              routed.push(replica);
              most = Math.max(most, engine.simulation.load.outstanding[replica]!);
            },
          },
        ],
      },
    );
    engine.simulation.runUntil(Infinity);
    expect(routed).toHaveLength(30);
    expect(new Set(routed).size).toBe(1);
    expect(most).toBe(7);
  });
});

describe("KV cost", () => {
  const worker = fc.record({ prefillTokens: fc.nat(5000), overlapBlocks: fc.nat(60), decodeBlocks: fc.nat(1000) });

  test("less overlap or more load never costs less; weight 0 is load alone; with equal load the largest overlap wins", () => {
    fc.assert(
      fc.property(
        worker,
        fc.nat(60),
        fc.nat(1000),
        fc.nat(1000),
        fc.constantFrom(0, 0.5, 1, 3),
        (given, overlap, prefill, blocks, weight) => {
          const cost = kvCost(given, 1000, 16, weight);
          const less = { ...given, overlapBlocks: Math.max(0, given.overlapBlocks - overlap) };
          expect(kvCost(less, 1000, 16, weight)).toBeGreaterThanOrEqual(cost);
          expect(kvCost({ ...given, prefillTokens: given.prefillTokens + prefill }, 1000, 16, weight)).toBeGreaterThanOrEqual(cost);
          expect(kvCost({ ...given, decodeBlocks: given.decodeBlocks + blocks }, 1000, 16, weight)).toBeGreaterThanOrEqual(cost);
          expect(kvCost(given, 1000, 16, 0)).toBe(given.decodeBlocks);
          if (weight > 0 && less.overlapBlocks < given.overlapBlocks) expect(kvCost(less, 1000, 16, weight)).toBeGreaterThan(cost);
        },
      ),
      { numRuns: RUNS },
    );
  });

  test("chances add up to 1, and the cheaper is the likelier; equals are equal", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(500), { minLength: 1, maxLength: 8 }), fc.constantFrom(0.1, 0.5, 2), (costs, temperature) => {
        const chances = costChances(costs, temperature);
        expect(chances.reduce((sum, chance) => sum + chance, 0)).toBeCloseTo(1, 9);
        costs.forEach((a, i) =>
          costs.forEach((b, j) => {
            if (a <= b) expect(chances[i]).toBeGreaterThanOrEqual(chances[j]!);
          }),
        );
      }),
      { numRuns: RUNS },
    );
  });
});

describe("names of blocks", () => {
  test("a list keeps what a Map would, in the order of use", () => {
    const steps = fc.array(fc.tuple(fc.constantFrom("use", "delete", "oldest"), fc.integer({ min: -20, max: 20 })), { maxLength: 400 });
    fc.assert(
      fc.property(steps, (list) => {
        const names = new NameList();
        const map = new Map<number, number>();
        list.forEach(([step, name], time) => {
          if (step === "use") {
            names.use(name, 7 * name, time);
            map.delete(name);
            map.set(name, time);
          } else if (step === "delete") {
            names.delete(name, 7 * name);
            map.delete(name);
          } else if (map.size > 0) {
            names.deleteOldest();
            map.delete(map.keys().next().value!);
          }
          expect([names.size, names.oldestTime()]).toEqual([map.size, map.values().next().value ?? Infinity]);
        });
        for (let name = -20; name <= 20; name++) expect(names.has(name, 7 * name)).toBe(map.has(name));
      }),
      { numRuns: RUNS },
    );
  });

  test("an index forgets beyond its capacity and after its time, and hears events late", () => {
    const hi = Int32Array.of(1, 2, 3);
    const sent = new BlockIndex({ capacity: 2, timeToLive: 10, delay: 0 });
    sent.add(0);
    sent.sent(0, hi, hi, 3, 0);
    expect([sent.sizeOf(0), sent.overlap(0, hi, hi, 3)]).toEqual([2, 0]);
    expect(sent.overlap(0, hi.subarray(1), hi.subarray(1), 2)).toBe(2);
    sent.settle(10);
    expect(sent.sizeOf(0)).toBe(0);
    const told = new BlockIndex({ capacity: Infinity, timeToLive: Infinity, delay: 1 });
    told.add(0);
    told.event(0, true, 1, 1, 5);
    told.settle(5.5);
    expect(told.overlap(0, hi, hi, 3)).toBe(0);
    told.settle(6);
    expect(told.overlap(0, hi, hi, 3)).toBe(1);
    told.event(0, false, 1, 1, 6);
    told.settle(7);
    expect(told.overlap(0, hi, hi, 3)).toBe(0);
  });
});

test("a ring: a replica that goes takes only its own keys with it, and comes back to them", () => {
  const ring = new Ring(50);
  for (let replica = 0; replica < 5; replica++) ring.add(replica);
  const places = (): number[] => Array.from({ length: 500 }, (_, key) => ring.find(ring.positionOf(key, 0), () => true));
  const before = places();
  ring.remove(3);
  const without = places();
  before.forEach((replica, key) => expect(without[key] === replica).toBe(replica !== 3));
  ring.add(3);
  expect(places()).toEqual(before);
  const counts = [0, 1, 2, 3, 4].map((replica) => before.filter((other) => other === replica).length);
  for (const count of counts) expect(count).toBeGreaterThan(40);
});
