import { describe, expect, test } from "vitest";
import type { PoolConfig } from "../engine/config.ts";
import { ReplicaState } from "../engine/contracts.ts";
import type { FleetEvent } from "../engine/metrics/results.ts";
import { presets } from "../scenario/presets/index.ts";
import { fleetSteps } from "./run-figures.ts";
import { createSweepRunner } from "./sweep-host.ts";

const pool = (part: Partial<PoolConfig>): PoolConfig =>
  ({ node: null, gpusPerReplica: 1, pricePerReplicaHour: 2, paysStarting: true, ...part }) as PoolConfig;
const event = (at: number, replica: number, state: ReplicaState): FleetEvent => ({ at, replica, state, reason: "autoscaler" });
const { starting, ready, draining, failed, gone } = ReplicaState;

describe("steps of a fleet", () => {
  const events = [
    event(0, 0, ready),
    event(10, 1, starting),
    event(20, 1, ready),
    event(20, 0, draining),
    event(30, 0, gone),
    event(40, 1, failed),
  ];
  test("serving is ready and draining; events of one moment are one step", () => {
    const steps = fleetSteps(events, [pool({})], () => 0, 50);
    expect([...steps.at]).toEqual([0, 10, 20, 30, 40]);
    expect([...steps.serving]).toEqual([1, 1, 2, 1, 0]);
    expect([...steps.costPerHour]).toEqual([2, 4, 4, 2, 0]);
    expect(steps.end).toBe(50);
  });
  test("a replica that is not paid for while it starts, and pools rented by the node", () => {
    const steps = fleetSteps(events, [pool({ paysStarting: false, gpusPerReplica: 4, node: { gpus: 8, pricePerHour: 16 } })], () => 0, 50);
    // Two replicas of four GPUs fill one node of eight.
    expect([...steps.costPerHour]).toEqual([16, 16, 16, 16, 0]);
  });
  test("pools add up", () => {
    const steps = fleetSteps(
      [event(0, 0, ready), event(0, 1, ready)],
      [pool({}), pool({ pricePerReplicaHour: 5 })],
      (replica) => replica,
      1,
    );
    expect([[...steps.serving], [...steps.costPerHour]]).toEqual([[2], [7]]);
  });
});

describe("figures of a run", () => {
  const { scenario } = presets.find(({ id }) => id === "service-levels")!;
  const short = { ...scenario, traffic: { ...scenario.traffic, maxSeconds: 300 } };

  test("the steps pay the bill: their integral is the cost of the summary", async () => {
    const answer = await createSweepRunner().run(short);
    if (!answer.ok) throw new Error(answer.error);
    const { fleet, metrics, makespan, maxReplicas, meanReplicas } = answer.figures;
    let bill = 0;
    let replicaSeconds = 0;
    fleet.at.forEach((at, i) => {
      const until = fleet.at[i + 1] ?? fleet.end;
      bill += ((until - at) * fleet.costPerHour[i]!) / 3600;
      replicaSeconds += (until - at) * fleet.serving[i]!;
    });
    expect(bill).toBeCloseTo(metrics.cost!, 9);
    expect(meanReplicas).toBeCloseTo(replicaSeconds / makespan, 9);
    expect(maxReplicas).toBe(Math.max(...fleet.serving));
  });
  test("a run in slices is the run at one go", async () => {
    const runner = createSweepRunner();
    let pauses = 0;
    const sliced = await runner.run(scenario, undefined, async () => {
      pauses++;
    });
    expect(pauses).toBeGreaterThan(0);
    expect(sliced).toEqual(await runner.run(scenario));
  });
  test("a scenario that cannot run says why", async () => {
    const trace = { kind: "trace", hash: "0".repeat(64), file: "lost.csv", from: 0, to: null, loop: false } as const;
    const answer = await createSweepRunner().run({ ...short, traffic: { ...short.traffic, source: trace } });
    expect(answer).toEqual({ ok: false, error: expect.stringContaining('needs the trace "lost.csv"') });
  });
});
