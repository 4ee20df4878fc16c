import { describe, expect, test } from "vitest";
import { ReplicaState } from "../../../engine/contracts.ts";
import type { FleetEvent, ScalingDecision } from "../../../engine/metrics/results.ts";
import type { RunPicture } from "../../rpc/protocol.ts";
import { NBSP } from "../../ui/format.ts";
import { fleetDuring, lateWindow, shortestWindow, spokenStory, story, storyText } from "./story.ts";

const BUCKET = 5;

/** A picture of a 30-minute run with these late requests per bucket. */
function picture(
  late: readonly number[],
  events: readonly FleetEvent[] = [],
  more: {
    refused?: number;
    attainment?: number | null;
    arrivals?: readonly number[];
    decisions?: readonly Partial<ScalingDecision>[];
  } = {},
): RunPicture {
  const total = late.reduce((a, b) => a + b, 0);
  return {
    progress: { phase: "finished", simTime: late.length * BUCKET },
    series: {
      bucketSeconds: BUCKET,
      length: late.length,
      late: Float64Array.from(late),
      arrivals: Float64Array.from(more.arrivals ?? late.map(() => 100)),
    },
    summary: {
      requests: { completed: 34000, refused: more.refused ?? 0, failed: 0 },
      slo: { attainment: more.attainment === undefined ? 0.902 : more.attainment, late: total },
      cost: { perHour: 103.77 },
    },
    fleet: { pools: [{ name: "chat" }], replicas: Array.from({ length: 9 }, (_, i) => ({ name: `c${i + 1}` })) },
    events,
    decisions: more.decisions ?? [],
  } as unknown as RunPicture;
}

/** `count` late requests in each bucket of [from, to). */
const lateIn = (from: number, to: number, count = 10): number[] => Array.from({ length: 360 }, (_, i) => (i >= from && i < to ? count : 0));

const event = (at: number, replica: number, state: ReplicaState, reason: FleetEvent["reason"], until?: number): FleetEvent =>
  until === undefined ? { at, replica, state, reason } : { at, replica, state, reason, until };

describe("story", () => {
  test("finds the shortest window with a share of the late requests", () => {
    expect(shortestWindow([0, 1, 8, 9, 1, 0, 1], 7, 0.8)).toEqual({ from: 2, to: 4, share: 17 / 20 });
    expect(shortestWindow([0, 0], 2, 0.9)).toBeNull();
  });

  test("names no window where late requests are spread", () => {
    const even = picture(lateIn(0, 360, 1));
    expect(lateWindow(even.series, 1800)).toBeNull();
    expect(storyText(story(even))).toBe(`90.2${NBSP}% of requests meet every SLO at $103.77/h. 360 late, spread over the run.`);
  });

  test("says when and what the fleet was doing", () => {
    const events = [
      event(0, 0, ReplicaState.ready, "initial"),
      event(565, 2, ReplicaState.failed, "fault"),
      event(625, 2, ReplicaState.starting, "recovered", 670),
      event(600, 0, ReplicaState.starting, "autoscaler", 645),
      event(645, 0, ReplicaState.ready, "ready"),
      event(1500, 4, ReplicaState.draining, "autoscaler"),
    ].sort((a, b) => a.at - b.at);
    const text = storyText(story(picture(lateIn(108, 138), events)));
    expect(text).toBe(
      `90.2${NBSP}% of requests meet every SLO at $103.77/h. 300 late, 90${NBSP}% of them between 09:00 and 11:15, while c3 was down and c1 was starting.`,
    );
  });

  test("does not stretch a burst to the next, smaller one, nor blame what came after it", () => {
    const late = Array.from({ length: 360 }, (_, i) => (i >= 110 && i < 140 ? 10 : i >= 180 && i < 200 ? 4 : i % 5 === 0 ? 1 : 0));
    const text = storyText(story(picture(late, [event(697, 1, ReplicaState.failed, "fault")])));
    expect(text).toMatch(/% of them between 09:\d\d and 11:\d\d\.$/);
  });

  test("looks at the traffic when the fleet did nothing", () => {
    const arrivals = Array.from({ length: 360 }, (_, i) => (i >= 100 && i < 140 ? 200 : 100));
    expect(storyText(story(picture(lateIn(108, 138), [], { arrivals })))).toMatch(/when traffic was 1\.8\u00a0× its mean\.$/);
  });

  test("speaks of a scale-up that was not ready, the first one or a later one, and of a fleet at its limit", () => {
    const up = (at: number, ready: number, replica: number): FleetEvent[] => [
      event(at, replica, ReplicaState.starting, "autoscaler", ready),
      event(ready, replica, ReplicaState.ready, "ready"),
    ];
    const both = [...up(15, 40, 1), ...up(560, 610, 2)];
    expect(storyText(story(picture(lateIn(0, 8), both)))).toContain(
      `80 late, 100${NBSP}% of them in the first 40${NBSP}s, before the first scale-up was ready.`,
    );
    expect(storyText(story(picture(lateIn(110, 120), both)))).toContain(
      "90\u00a0% of them between 09:10 and 09:55, before the scale-up of 09:20 was ready.",
    );
    // Ready in the middle of the window: what came before that is told.
    expect(storyText(story(picture(lateIn(112, 132), both)))).toContain("50\u00a0% of them between 09:20 and 10:10, before the scale-up");
    // Ready at the beginning of the window: not its reason.
    expect(storyText(story(picture(lateIn(121, 141), both)))).not.toContain("scale-up");
    const decisions = [{ at: 560, pool: 0, ready: 5, starting: 1, leaving: 0, answered: 4, ordered: 1 }];
    expect(storyText(story(picture(lateIn(110, 120), both, { decisions })))).toContain(
      `, while the fleet stood at its limit of 7${NBSP}replicas.`,
    );
  });

  test("counts a replica only while it was in that state", () => {
    const events = [event(100, 1, ReplicaState.failed, "fault"), event(200, 1, ReplicaState.ready, "ready")];
    expect(fleetDuring(events, 150, 300).failed).toEqual([1]);
    expect(fleetDuring(events, 200, 300).failed).toEqual([]);
    expect(fleetDuring(events, 0, 100).failed).toEqual([]);
  });

  test("speaks of refused requests, of none late, and of an empty run", () => {
    expect(storyText(story(picture(lateIn(0, 360, 1), [], { refused: 12 })))).toContain("360 late (12 refused), spread");
    expect(storyText(story(picture([0, 0], [], { attainment: 1 })))).toBe(
      `100.0${NBSP}% of requests meet every SLO at $103.77/h. None of 34,000 is late.`,
    );
    expect(storyText(story(picture([0], [], { attainment: null })))).toBe("No request has ended yet.");
    expect(spokenStory(picture([0, 0], [], { attainment: 1 }))).toMatch(/^Finished at 00:10, 34,000\u00a0requests served\. 100\.0/);
  });
});
