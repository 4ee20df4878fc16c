import { expect, test } from "vitest";
import { Status, emptyRow } from "../contracts.ts";
import { sarathi } from "../../policies/batching/sarathi.ts";
import { roundRobin } from "../../policies/routing/round-robin.ts";
import { configOf, linearLatency, textOf } from "../testing.ts";
import { createEngine } from "../index.ts";
import { REUSED_TOGETHER, Requests } from "./requests.ts";

const row = emptyRow();

test("what is known of a request that has ended stands until slots are used again, the first to end first", () => {
  const requests = new Requests(4);
  const [a, b, c] = [requests.take(0, row), requests.take(1, row), requests.take(2, row)];
  requests.preemptions[b] = 7;
  requests.scheduledAt[b] = 2;
  requests.end(b, Status.completed, 3);
  requests.end(a, Status.refused, 4);
  const d = requests.take(3, row);
  expect(new Set([a, b, c, d]).size).toBe(4);
  expect([...requests.ended.subarray(0, requests.endedCount)]).toEqual([b, a]);
  expect([requests.preemptions[b], requests.scheduledAt[b], requests.finishedAt[b], requests.status[a]]).toEqual([7, 2, 3, Status.refused]);
  requests.reuse();
  expect([requests.endedCount, requests.active]).toEqual([0, 2]);
  expect(requests.take(4, row)).toBe(b);
  expect([requests.preemptions[b], requests.scheduledAt[b], requests.replica[b]]).toEqual([0, NaN, -1]);
  expect(requests.take(5, row)).toBe(a);
  // Nothing is left: the columns grow.
  expect(requests.take(6, row)).toBeGreaterThanOrEqual(4);
  requests.computed[a] = 9;
  requests.end(a, Status.completed, 5);
  requests.reuse();
  while (requests.active < requests.capacity) requests.take(7, row);
  expect([...requests.computed]).toEqual(Array.from({ length: requests.capacity }, () => 0));
  expect([...requests.replica]).toEqual(Array.from({ length: requests.capacity }, () => -1));
});

test("slots used again many times over: results do not depend on when they are read, nor on a snapshot on the way", () => {
  const rows = Array.from({ length: 12 * REUSED_TOGETHER }, (_, i) => ({ at: i / 50, prompt: 1 + (i % 90), output: (i * 7) % 13 }));
  const pool = { replicas: 3, batching: sarathi, latency: linearLatency({ base: 0.01, perToken: 1e-4 }) };
  const engine = () => createEngine(configOf({ pools: [pool], routing: roundRobin, source: rows }), { keepRequests: true });
  const whole = engine();
  whole.simulation.runUntil(Infinity);
  const ids = whole.requests().id;
  expect([ids.length, new Set(ids).size]).toEqual([rows.length, rows.length]);
  const read = engine();
  for (let at = 0; !read.simulation.runUntil(at); at += 0.7) {
    read.summary(false);
    expect(read.endedCount).toBe(read.simulation.ended);
  }
  expect(textOf(read)).toEqual(textOf(whole));
  const saved = engine();
  saved.simulation.runUntil(31);
  const restored = engine();
  restored.simulation.restore(structuredClone(saved.simulation.snapshot()));
  restored.simulation.runUntil(Infinity);
  expect(textOf(restored)).toEqual(textOf(whole));
});
