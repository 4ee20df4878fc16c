import { describe, expect, test } from "vitest";
import { ReplicaState } from "../../../engine/contracts.ts";
import type { FleetEvent, ScalingDecision } from "../../../engine/metrics/results.ts";
import type { Scenario } from "../../../scenario/types.ts";
import type { RunPicture } from "../../rpc/protocol.ts";
import { toCsv } from "../../ui/chart/table-data.ts";
import { decisionStory, decisionTable, decisionText, reasonText } from "./scaling.ts";

const { starting, ready, draining, gone } = ReplicaState;

const decision = (part: Partial<ScalingDecision>): ScalingDecision => ({
  at: 100,
  pool: 0,
  ready: 3,
  starting: 0,
  draining: 0,
  leaving: 0,
  answered: 2,
  ordered: 2,
  because: [
    ["highest token rate, up", 11825.4],
    ["throughput of a replica", 2365],
  ],
  ...part,
});

/** Two replicas ordered at 100 s and ready at 110 s; c2 ordered to leave at 200 s, taking no more requests from 230 s, gone at 231.5 s. */
const events: readonly FleetEvent[] = [
  { at: 100, replica: 3, state: starting, reason: "autoscaler", until: 110 },
  { at: 100, replica: 4, state: starting, reason: "autoscaler", until: 110 },
  { at: 110, replica: 3, state: ready, reason: "ready" },
  { at: 110, replica: 4, state: ready, reason: "ready" },
  { at: 230, replica: 1, state: draining, reason: "autoscaler" },
  { at: 231.5, replica: 1, state: gone, reason: "drained" },
];

const picture = (decisions: readonly ScalingDecision[], seen = events, pools = 1): RunPicture =>
  ({
    progress: { simTime: 300 },
    decisions,
    events: seen,
    fleet: {
      pools: [{ name: "lab" }, { name: "spot" }].slice(0, pools),
      replicas: [1, 2, 3, 4, 5].map((n) => ({ name: `l${n}`, pool: 0 })),
    },
  }) as unknown as RunPicture;

const scenario = {
  pools: [{ autoscaling: { id: "inferline" }, minReplicas: 1, maxReplicas: 7, scaleDownSeconds: 30 }],
} as unknown as Scenario;

const told = (part: Partial<ScalingDecision>, seen = events) => decisionStory(picture([decision(part)], seen), scenario, 0)!;

describe("why did it scale", () => {
  test("up: what it asked for, what it saw, when that was ready", () => {
    expect(told({})).toEqual({
      name: "3 to 5\u00a0replicas",
      state: "at 01:40",
      asked: "InferLine asked for 2 more.",
      reasons: [
        ["highest token rate, up", "11,825"],
        ["throughput of a replica", "2,365"],
      ],
      had: "3 ready",
      outcome: "l4 and l5 were ready at 01:50, 10.0\u00a0s later.",
      doneAt: 110,
    });
  });
  test("not ready yet", () => {
    expect(told({ ordered: 2 }, events.slice(0, 2))).toMatchObject({ outcome: "l4 and l5 are to be ready at 01:50.", doneAt: 110 });
  });
  test("down, after the delay of the pool", () => {
    const down = { at: 200, ready: 5, answered: -1, ordered: -1 };
    expect(told(down)).toMatchObject({
      name: "5 to 4\u00a0replicas",
      asked: "InferLine asked for 1 fewer.",
      outcome: "l2 took no more requests from 03:50, and was gone at 03:51.",
      doneAt: 231.5,
    });
    expect(told(down, events.slice(0, 5)).outcome).toBe("l2 took no more requests from 03:50, and finishes what it has.");
    expect(told({ ...down, at: 290 }).outcome).toBe("1\u00a0replica will take no more requests from 05:20.");
    expect(told(down, []).outcome).toBe("None left: the last ready replica stays.");
  });
  test("the limits of the pool", () => {
    expect(told({ ready: 5, starting: 1, answered: 4, ordered: 1 }).asked).toBe("InferLine asked for 4 more; the limits of 1 to 7 left 1.");
    const none = told({ ready: 7, leaving: 1, starting: 1, answered: 1.5, ordered: 0 });
    expect([none.name, none.asked, none.had, none.outcome]).toEqual([
      "7\u00a0replicas, no change",
      "InferLine asked for 1.50 more; the limits of 1 to 7 left none.",
      "7 ready (1 leaving), 1 starting",
      "",
    ]);
  });
  test("names the pool where there are several; says nothing of a decision that is not there", () => {
    expect(decisionStory(picture([decision({})], events, 2), scenario, 0)?.state).toBe("at 01:40, lab");
    expect(decisionStory(picture([]), scenario, 0)).toBeNull();
  });
  test("in words, for screen readers", () => {
    expect(decisionText(told({})).replaceAll("\u00a0", " ")).toBe(
      "3 to 5 replicas at 01:40. InferLine asked for 2 more. It had 3 ready. It saw: highest token rate, up 11,825, throughput of a replica 2,365. l4 and l5 were ready at 01:50, 10.0 s later.",
    );
  });
  test("numbers without a unit of their own", () => {
    expect([0, 1, 0.853214, 12.5, 2365.4].map(reasonText)).toEqual(["0", "1", "0.8532", "12.5", "2,365"]);
  });
  test("as a table: one column per reason, empty where the policy did not name it", () => {
    const rows = [decision({}), decision({ at: 200, pool: 1, answered: -1, ordered: -1, because: [["panic", 1]] })];
    expect(toCsv(decisionTable(picture(rows, events, 2)))).toBe(
      [
        'Time (s),Pool,Before,Answered,Ordered,Ready,Starting,Draining,Leaving,"highest token rate, up",throughput of a replica,panic',
        "100,lab,3,2,2,3,0,0,0,11825.4,2365,",
        "200,spot,3,-1,-1,3,0,0,0,,,1",
        "",
      ].join("\n"),
    );
  });
});
