import { expect, test } from "vitest";
import { sarathi } from "../../policies/batching/sarathi.ts";
import { roundRobin } from "../../policies/routing/round-robin.ts";
import { createEngine } from "../index.ts";
import { configOf, linearLatency, textOf } from "../testing.ts";

/** Two runs that differ in everything that ends up in a row. */
const engines = () =>
  [1, 2].map((kind) => {
    const source = Array.from({ length: 3000 }, (_, i) => ({
      at: (i * kind) / 70,
      prompt: 1 + ((i * kind) % 90),
      output: (i * 7 * kind) % 13,
    }));
    const pool = { replicas: kind, batching: sarathi, latency: linearLatency({ base: 0.01 * kind, perToken: 1e-4 }) };
    return createEngine(configOf({ pools: [pool], routing: roundRobin, source }), { keepRequests: true });
  });

test("runs of one thread share the rows through which ended requests pass, and nothing of each other", () => {
  const alone = engines().map((engine) => {
    engine.simulation.runUntil(Infinity);
    return textOf(engine);
  });
  const together = engines();
  for (let at = 0; at < 100; at += 0.3) {
    for (const engine of together) {
      engine.simulation.runUntil(at);
      // One is read more often than the other, as a whole and in part.
      if (engine === together[0]) expect(engine.requests(0, 5).length).toBeLessThanOrEqual(5);
      engine.summary(engine === together[1]);
    }
  }
  for (const engine of together) engine.simulation.runUntil(Infinity);
  expect(together.map(textOf)).toEqual(alone);
  expect(alone[0]).not.toBe(alone[1]);
});
