// The figures of the panel, by hand.
import { expect, test } from "vitest";
import type { RequestLog } from "../../../engine/metrics/results.ts";
import { prefixRouting } from "../../../scenario/presets/prefix-routing.ts";
import type { RunPicture } from "../../../scenario/session-types.ts";
import { selectPrefix } from "./select.ts";

const replica = (name: string, from: number, decoding: number[], waiting: number[]) => ({
  name,
  pool: 0,
  kvBlocks: 100,
  from,
  state: Uint8Array.from(decoding, () => 1),
  decoding: Uint16Array.from(decoding),
  prefilling: Uint16Array.from(decoding, () => 0),
  waiting: Uint32Array.from(waiting),
  kvUsedBlocks: new Uint32Array(decoding.length),
  busy: new Float32Array(decoding.length),
});

const picture = {
  progress: { simTime: 60 },
  fleet: { sampleSeconds: 20, length: 3, replicas: [replica("l1", 0, [1, 4, 2], [0, 3, 0]), replica("l2", 1, [1, 2], [0, 0])] },
  routing: {
    caches: [{ replica: 1, queriedTokens: 1, hitTokens: 1, namedBlocks: 30, evictions: 4 }],
    namedBlocks: 30,
    distinctBlocks: 20,
    router: { "tree bytes": 7 },
  },
} as unknown as RunPicture;

const log = {
  scheduledAt: Float64Array.of(0.5, 30.5, 30.6, NaN),
  replica: Int32Array.of(0, 1, 1, 0),
  promptTokens: Int32Array.of(100, 100, 300, 50),
  cachedTokens: Int32Array.of(0, 80, 240, 0),
  predictedTokens: Int32Array.of(-1, 100, 200, -1),
} as unknown as RequestLog;

test("shares by time and replica, queues, spread, threshold, copies", () => {
  const model = selectPrefix(picture, log, 4, prefixRouting.scenario);
  expect(model.foundShare).toBe(320 / 500);
  expect(model.expectedShare).toBe(300 / 400);
  expect(model.found[0]).toBe(0);
  expect(model.found[30]).toBe(0.8);
  expect(model.expected[30]).toBe(0.75);
  expect(model.found[1]).toBeNaN();
  expect(model.queues.map((column) => [...column])).toEqual([
    [1, 7, 2],
    [NaN, 1, 2],
  ]);
  expect([...model.spread]).toEqual([0, 6, 0]);
  expect([model.mostQueue, model.threshold, model.copies]).toEqual([7, 10, 1.5]);
  expect(model.replicas).toEqual([
    { name: "l1", requests: 1, found: 0, expected: NaN, blocks: NaN, evicted: NaN },
    { name: "l2", requests: 2, found: 0.8, expected: 0.75, blocks: 30, evicted: 4 },
  ]);
  expect(model.memory).toEqual([["tree bytes", 7]]);
});
