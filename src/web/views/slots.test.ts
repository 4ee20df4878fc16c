import { describe, expect, test } from "vitest";
import { ReplicaState } from "../../engine/contracts.ts";
import type { FleetSamples } from "../../engine/metrics/results.ts";
import { slotName, slotsOf, stayAt } from "./slots.ts";

const { ready, gone, starting } = ReplicaState;

/** Replicas of pool 0 by first sample and states. */
const fleetOf = (...replicas: readonly (readonly [from: number, ...states: number[]])[]): FleetSamples =>
  ({
    sampleSeconds: 5,
    length: 10,
    pools: [{ name: "lab" }],
    replicas: replicas.map(([from, ...states], i) => ({ name: `l${i + 1}`, pool: 0, from, state: Uint8Array.from(states) })),
  }) as unknown as FleetSamples;

describe("places", () => {
  // l1 stays; l2 is there in samples 1 to 3; l3 comes when l2 is gone, l4 while l3 is there; l5 came and went between two samples.
  const fleet = fleetOf(
    [0, ready, ready, ready, ready, ready, ready, ready, ready, ready, ready],
    [1, starting, ready, ready, gone],
    [5, starting, ready, ready],
    [6, ready, ready],
    [7],
  );
  test("a place is given back and taken again", () => {
    expect(slotsOf(fleet).map(({ place, stays }) => [place, ...stays.map(({ replica, from, to }) => [replica, from, to])])).toEqual([
      [1, [0, 0, 10]],
      [2, [1, 1, 4], [2, 5, 8]],
      [3, [3, 6, 8]],
    ]);
    expect(slotsOf(fleet).map((slot) => slotName(fleet, slot))).toEqual(["l1", "lab place 2", "l4"]);
  });
  test("who is there, was there, or comes", () => {
    const second = slotsOf(fleet)[1]!;
    expect([0, 3, 4, 5, 9].map((sample) => stayAt(second, sample).replica)).toEqual([1, 1, 1, 2, 2]);
  });
});
