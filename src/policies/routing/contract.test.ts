// What every router must hold, with every option of its parameters, on fleets whose replicas come and go.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { SimulationConfig } from "../../engine/config.ts";
import { ReplicaState, WAIT } from "../../engine/contracts.ts";
import type { Router, RoutingDefinition } from "../../engine/contracts.ts";
import { createEngine } from "../../engine/index.ts";
import type { Engine } from "../../engine/index.ts";
import { Ledger } from "../../engine/testing-ledger.ts";
import { textOf } from "../../engine/testing.ts";
import { batching } from "../batching/index.ts";
import { configFrom, recipes } from "../testing-scenarios.ts";
import { routing } from "./index.ts";

/** The default values, and for each choice and flag its other values. */
function variants(definition: RoutingDefinition): Record<string, unknown>[] {
  const all: Record<string, unknown>[] = [{}];
  for (const [key, param] of Object.entries(definition.params)) {
    if (param.kind === "flag") all.push({ [key]: !param.default });
    if (param.kind === "choice") for (const { id } of param.options) if (id !== param.default) all.push({ [key]: id });
  }
  return all;
}

const cases = routing.flatMap((definition) =>
  variants(definition).map((values) => ({ name: `${definition.id} ${JSON.stringify(values)}`, definition, values })),
);

/** Routers that have held a request back: those that ask and wait for answers. */
const waits = new Set<string>();

/** The router, which counts answers that it must not give. */
function watched(definition: RoutingDefinition, bad: string[]): RoutingDefinition {
  return {
    ...definition,
    create: (values, context): Router => {
      const router = definition.create(values, context);
      return {
        ...router,
        route: (slot, fleet) => {
          const candidates = [...fleet.candidates.subarray(0, fleet.candidateCount)];
          if (candidates.length === 0) bad.push("asked without candidates");
          if (candidates.some((replica, i) => i > 0 && replica <= candidates[i - 1]!)) bad.push(`candidates not ascending: ${candidates}`);
          const answer = router.route(slot, fleet);
          if (answer === WAIT) waits.add(definition.id);
          else if (!candidates.includes(answer)) bad.push(`answer ${answer}, candidates ${candidates}`);
          return answer;
        },
      };
    },
  };
}

function run(config: SimulationConfig, bad: string[]): { engine: Engine; ledger: Ledger } {
  const ledger = new Ledger();
  const routed = (_slot: number, replica: number): void => {
    const { state, pool } = engine.simulation.replicas[replica]!;
    if (state !== ReplicaState.ready) bad.push(`routed to replica ${replica} in state ${state}`);
    if (config.pools[pool]!.role === "decode") bad.push(`a prompt was routed to the decode replica ${replica}`);
  };
  const engine = createEngine(config, { keepRequests: true, recorders: [ledger, { routed }] });
  ledger.attach(engine);
  engine.simulation.runUntil(Infinity, 200_000);
  engine.simulation.finish();
  return { engine, ledger };
}

describe.each(cases)("$name", ({ definition, values }) => {
  const config = (recipe: Parameters<typeof configFrom>[0], bad: string[]): SimulationConfig => {
    const built = configFrom(recipe, batching[0]!, definition, false);
    return { ...built, routing: { definition: watched(definition, bad), values } };
  };

  test("answers with candidates only, serves every request, and does the same again", () => {
    fc.assert(
      fc.property(recipes, (recipe) => {
        const bad: string[] = [];
        const { engine, ledger } = run(config(recipe, bad), bad);
        expect([...bad, ...ledger.check(engine, true)]).toEqual([]);
        expect(textOf(run(config(recipe, bad), bad).engine)).toEqual(textOf(engine));
      }),
      { numRuns: 40 },
    );
  });
});

test("only the routers of Ray hold requests back", () => {
  expect([...waits].sort()).toEqual(["ray-power-of-two", "ray-prefix-aware"]);
});

test("another router gets the same traffic", () => {
  const [recipe] = fc.sample(
    recipes.filter(({ users }) => users === 0),
    { numRuns: 1, seed: 3 },
  );
  const traffic = routing.map((definition) => {
    const log = run(configFrom(recipe!, batching[0]!, definition, false), []).engine.requests();
    return Array.from(log.id, (id, row) => [id, log.arrivedAt[row], log.promptTokens[row], log.outputTokens[row]].join()).sort();
  });
  for (const other of traffic) expect(other).toEqual(traffic[0]);
});
