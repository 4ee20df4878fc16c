import { describe, expect, test } from "vitest";
import type { RequestLog } from "../engine/metrics/results.ts";
import type { FleetNews, PictureMessage, RunListener, StartOptions } from "./session-types.ts";
import { everything } from "./everything.ts";
import { complete } from "./complete.ts";
import { createRun } from "./run.ts";
import { createSession } from "./session.ts";
import type { SessionClock } from "./session-clock.ts";

/** A clock on which a look takes so many milliseconds, and waiting what was asked for. */
function fakeClock(lookMs = 0.1): SessionClock & { time: number } {
  const clock = {
    time: 0,
    now: () => (clock.time += lookMs),
    wait: async (ms: number) => {
      clock.time += ms;
      await Promise.resolve();
    },
  };
  return clock;
}

const scenario = complete({
  name: "Small",
  traffic: { source: { kind: "synthetic", arrivals: { id: "poisson", params: { rate: 6 } }, lengths: { id: "fixed" } }, maxSeconds: 60 },
  pools: [{ name: "main", replicas: 2 }],
});
const OPTIONS: StartOptions = { speed: "max", skipTo: 0, keepRequests: true, paused: false };

function listen(until: (picture: PictureMessage) => boolean) {
  const pictures: PictureMessage[] = [];
  const news: FleetNews[] = [];
  const requests: RequestLog[] = [];
  const shares: number[] = [];
  let done = (): void => undefined;
  const reached = new Promise<void>((resolve) => (done = resolve));
  const listener: RunListener = {
    onPicture: (picture) => {
      pictures.push(picture);
      if (until(picture)) done();
    },
    onFleet: (part) => void news.push(part),
    onRequests: (chunk) => void requests.push(chunk),
    onCatchUp: (share) => void shares.push(share),
    onError: (text) => {
      throw new Error(text);
    },
  };
  return { listener, pictures, news, requests, shares, reached, last: () => pictures.at(-1)! };
}

const finished = (picture: PictureMessage): boolean => picture.progress.phase === "finished";

describe("session", () => {
  test("gives what an unwatched run gives, however it is paced", async () => {
    const run = createRun(scenario, { trace: null, step: false, workloads: [], keepRequests: true });
    run.runUntil(Infinity);
    const { summary } = run.results();
    for (const options of [OPTIONS, { ...OPTIONS, speed: 60 }, { ...OPTIONS, speed: 10, skipTo: 40 }]) {
      const session = createSession(fakeClock());
      const seen = listen(finished);
      await session.start(scenario, null, options, seen.listener);
      await seen.reached;
      expect(seen.last().summary).toEqual(summary);
      expect(seen.requests.reduce((sum, chunk) => sum + chunk.length, 0)).toBe(summary.requests.total);
    }
  });

  test("keeps pace with the clock", async () => {
    const clock = fakeClock();
    const session = createSession(clock);
    const seen = listen((picture) => picture.progress.simTime > 20);
    await session.start(scenario, null, { ...OPTIONS, speed: 10 }, seen.listener);
    await seen.reached;
    const wall = clock.time / 1000;
    expect(seen.last().progress.simTime / wall).toBeGreaterThan(8.5);
    expect(seen.last().progress.simTime / wall).toBeLessThan(10.5);
    await session.cancel();
  });

  test("a page that is not done with a picture gets no further one; the run goes on, and a pause shows at once", async () => {
    const clock = fakeClock();
    const session = createSession(clock);
    const seen = listen(() => true);
    let draw = (): void => undefined;
    const drawn = new Promise<void>((resolve) => (draw = resolve));
    const listener: RunListener = { ...seen.listener, onPicture: (picture) => (seen.listener.onPicture(picture), drawn) };
    const until = async (wall: number): Promise<void> => {
      while (clock.time < wall) await clock.wait(1);
    };
    await session.start(scenario, null, { ...OPTIONS, speed: 10 }, listener);
    await seen.reached;
    await until(3000);
    expect(seen.pictures).toHaveLength(1);
    expect((await session.position())!.simTime).toBeGreaterThan(10);
    await session.pause();
    expect(seen.pictures).toHaveLength(2);
    expect(seen.last().progress.phase).toBe("paused");
    draw();
    await session.resume();
    await until(5000);
    expect(seen.pictures.length).toBeGreaterThan(3);
    await session.cancel();
  });

  test("after a picture the page rests as long as it drew", async () => {
    const clock = fakeClock();
    const session = createSession(clock);
    const sent: number[] = [];
    const drawn: number[] = [];
    const { listener } = listen(() => true);
    const slow: RunListener = {
      ...listener,
      onPicture: async () => {
        sent.push(clock.time);
        while (clock.time < sent.at(-1)! + 200) await clock.wait(1);
        drawn.push(clock.time);
      },
    };
    await session.start(scenario, null, { ...OPTIONS, speed: 10 }, slow);
    while (sent.length < 4) await clock.wait(1);
    await session.cancel();
    for (const next of [1, 2, 3]) expect(sent[next]! - drawn[next - 1]!).toBeGreaterThanOrEqual(drawn[next - 1]! - sent[next - 1]! - 1);
  });

  test("a run that shares its core stands still while the page draws, unless that takes forever", async () => {
    const far = complete({ ...scenario, traffic: { ...scenario.traffic, maxSeconds: 1e6, maxRequests: null } });
    const ranDuring = async (sharesCore: boolean, drawMs: number): Promise<number> => {
      // A slice is a few looks at the clock, with 500 events between two.
      const clock = fakeClock(3);
      const session = createSession(clock);
      const ran: number[] = [];
      const { listener } = listen(() => true);
      const page: RunListener = {
        ...listener,
        onPicture: async () => {
          const before = (await session.position())?.events ?? 0;
          const until = clock.time + drawMs;
          while (clock.time < until) await clock.wait(1);
          ran.push(((await session.position())?.events ?? 0) - before);
        },
      };
      await session.start(far, null, { ...OPTIONS, keepRequests: false, sharesCore }, page);
      while (ran.length < 3) await clock.wait(1);
      await session.cancel();
      return Math.max(...ran.slice(0, 3));
    };
    expect(await ranDuring(true, 60)).toBe(0);
    expect(await ranDuring(false, 60)).toBeGreaterThan(1000);
    expect(await ranDuring(true, 500)).toBeGreaterThan(1000);
  });

  test("a page that fails to take a picture ends the run with a sentence", async () => {
    const session = createSession(fakeClock());
    let fail = (_text: string): void => undefined;
    const told = new Promise<string>((resolve) => (fail = resolve));
    const listener: RunListener = { ...listen(() => true).listener, onPicture: () => Promise.reject(new Error("no room")), onError: fail };
    await session.start(scenario, null, { ...OPTIONS, speed: 10 }, listener);
    expect(await told).toMatch(/^The run stopped at .* no room$/);
    expect(await session.position()).toBeNull();
  });

  test("skips to a time before it keeps pace", async () => {
    const clock = fakeClock();
    const session = createSession(clock);
    const seen = listen(() => true);
    await session.start(scenario, null, { ...OPTIONS, speed: 1, skipTo: 45 }, seen.listener);
    await seen.reached;
    expect(seen.pictures[0]!.progress.simTime).toBeGreaterThan(44);
    await session.cancel();
  });

  test("goes on after the time it skipped to, and stops there when it was paused", async () => {
    const session = createSession(fakeClock());
    const seen = listen((picture) => picture.progress.simTime > 50);
    await session.start(scenario, null, { ...OPTIONS, speed: 10, skipTo: 45.123 }, seen.listener);
    await seen.reached;
    await session.cancel();
    const paused = listen((picture) => picture.progress.phase === "paused");
    await session.start(scenario, null, { ...OPTIONS, speed: 10, skipTo: 45.123, paused: true }, paused.listener);
    await paused.reached;
    expect(paused.last().progress.simTime).toBeGreaterThan(44);
    expect(paused.last().progress.simTime).toBeLessThanOrEqual(45.123);
  });

  test("what is asked while the tables are loading holds for the run that comes", async () => {
    const session = createSession(fakeClock());
    const paused = listen((picture) => picture.progress.phase === "paused");
    const starting = session.start(scenario, null, { ...OPTIONS, speed: 10 }, paused.listener);
    await session.pause();
    await starting;
    expect(paused.last().progress).toMatchObject({ phase: "paused", simTime: 0 });
    const going = listen(finished);
    const again = session.start(scenario, null, { ...OPTIONS, paused: true }, going.listener);
    await session.resume();
    await again;
    await going.reached;
    const cancelled = listen((picture) => picture.progress.phase === "cancelled");
    const third = session.start(scenario, null, OPTIONS, cancelled.listener);
    await session.cancel();
    await third;
    await cancelled.reached;
    expect(cancelled.last().progress.simTime).toBe(0);
  });

  test("starts paused, steps one event at a time, goes on", async () => {
    const session = createSession(fakeClock());
    const seen = listen(finished);
    await session.start(scenario, null, { ...OPTIONS, paused: true }, seen.listener);
    expect(seen.last().progress).toMatchObject({ phase: "paused", simTime: 0, simEnd: 60 });
    const times: number[] = [];
    for (let i = 0; i < 4; i++) {
      await session.step();
      expect(seen.last().progress.phase).toBe("paused");
      times.push(seen.last().progress.simTime);
    }
    expect(times[3]).toBeGreaterThan(0);
    expect([...times].sort((a, b) => a - b)).toEqual(times);
    expect(seen.last().summary.requests.total).toBeLessThanOrEqual(4);
    await session.resume();
    await seen.reached;
    expect(seen.last().progress.phase).toBe("finished");
  });

  test("keeps what it has when cancelled, and says nothing afterwards", async () => {
    const session = createSession(fakeClock());
    const seen = listen((picture) => picture.progress.simTime > 10);
    await session.start(scenario, null, { ...OPTIONS, speed: 20 }, seen.listener);
    await seen.reached;
    await session.cancel();
    const { progress, summary } = seen.last();
    expect(progress.phase).toBe("cancelled");
    expect(progress.simTime).toBeLessThan(30);
    expect(summary.requests.completed + summary.requests.unfinished).toBe(summary.requests.total);
    const count = seen.pictures.length;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(seen.pictures.length).toBe(count);
  });

  test("replays the run to follow one request", async () => {
    const session = createSession(fakeClock());
    const seen = listen(finished);
    await session.start(scenario, null, OPTIONS, seen.listener);
    await seen.reached;
    const log = seen.requests[0]!;
    const id = log.id[5]!;
    const timeline = await session.timeline(id);
    expect(timeline?.events[0]).toMatchObject({ kind: "arrived", at: log.arrivedAt[5] });
    expect(timeline?.events.at(-1)).toMatchObject({ kind: "finished", at: log.finishedAt[5], replica: log.replica[5] });
    // What the router chose among; another choice is another run, in which the request goes there.
    const { choice } = timeline!;
    expect(choice!.chosen).toBe(log.replica[5]);
    expect(choice!.replicas).toContain(choice!.chosen);
    for (const replica of choice!.replicas) {
      const other = await session.timeline(5, replica);
      expect(other?.choice?.chosen).toBe(replica);
      if (replica === choice!.chosen) expect(other).toEqual(timeline);
      else expect(other?.events.find(({ kind }) => kind === "scheduled")?.replica).toBe(replica);
    }
    expect(await session.timeline(1_000_000)).toBeNull();
  });

  test("sums up a range of arrivals: the whole range agrees with the whole run", async () => {
    const session = createSession(fakeClock());
    const seen = listen(finished);
    await session.start(scenario, null, OPTIONS, seen.listener);
    await seen.reached;
    const whole = seen.last().summary;
    const all = await session.range(0, 1e9);
    expect(all?.summary.requests).toEqual(whole.requests);
    for (const key of ["ttft", "tpot", "e2e", "queueing"] as const) {
      expect(all?.summary[key].p99).toBeCloseTo(whole[key].p99!, 9);
      expect(all?.summary[key].mean).toBeCloseTo(whole[key].mean!, 9);
    }
    expect(all?.summary.slo.attainment).toBe(whole.slo.attainment);
    const part = await session.range(10, 20);
    expect(part!.summary.requests.total).toBeGreaterThan(20);
    expect(part!.summary.requests.total).toBeLessThan(whole.requests.total / 2);
    expect(await session.range(1e6, 2e6)).toBeNull();
  });

  test("tells what the fleet did piece by piece: every event and decision once, in order", async () => {
    const scaled = complete({
      name: "Scaled",
      traffic: scenario.traffic,
      pools: [
        {
          name: "main",
          replicas: 1,
          startupSeconds: 3,
          autoscaling: {
            id: "schedule",
            params: {
              replicas: [
                [10, 3],
                [30, 1],
                [40, 2],
              ],
            },
          },
        },
      ],
    });
    const session = createSession(fakeClock());
    const seen = listen(finished);
    await session.start(scaled, null, { ...OPTIONS, speed: 60 }, seen.listener);
    await seen.reached;
    const run = createRun(scaled, {
      trace: null,
      step: false,
      workloads: [],
      ...everything,
      keepRequests: false,
    });
    run.runUntil(Infinity);
    run.simulation.finish();
    expect(seen.news.length).toBeGreaterThan(2);
    expect(seen.news.flatMap(({ decisions }) => decisions)).toEqual(run.decisions());
    expect(run.decisions().map(({ ordered }) => ordered)).toEqual([2, -2, 1]);
    expect(seen.news.flatMap(({ events }) => events)).toEqual(run.events());
    for (const picture of seen.pictures) expect("events" in picture).toBe(false);
  });

  test("says where the run stands, for a second run to be brought there", async () => {
    const session = createSession(fakeClock());
    expect(await session.position()).toBeNull();
    const seen = listen(finished);
    await session.start(scenario, null, OPTIONS, seen.listener);
    await seen.reached;
    expect(await session.position()).toMatchObject({ simTime: seen.last().progress.simTime, over: true });
  });

  test("refuses what cannot run, in a sentence", async () => {
    const session = createSession(fakeClock());
    const seen = listen(finished);
    const source = { kind: "trace", hash: "0".repeat(64), file: "mine.csv", from: 0, to: null, loop: false } as const;
    await expect(session.start({ ...scenario, traffic: { ...scenario.traffic, source } }, null, OPTIONS, seen.listener)).rejects.toThrow(
      "mine.csv is not loaded",
    );
    await expect(session.start({ ...scenario, model: "llama-3.1-405b" }, null, OPTIONS, seen.listener)).rejects.toThrow(
      /weights|fit|memory/i,
    );
  });

  test("a run set aside goes on to its end, and the next one is compared with it at the same time", async () => {
    const clock = fakeClock();
    const session = createSession(clock);
    const first = listen((picture) => picture.progress.simTime > 20);
    await session.start(scenario, null, { ...OPTIONS, speed: 10 }, first.listener);
    await first.reached;
    const end = session.setAside();
    const second = listen((picture) => picture.progress.simTime > 45);
    const changed = { ...scenario, pools: scenario.pools.map((pool) => ({ ...pool, replicas: 1 })) };
    await session.start(changed, null, { ...OPTIONS, speed: 10, skipTo: 20 }, second.listener);
    await second.reached;

    const whole = createRun(scenario, { trace: null, step: false, workloads: [], keepRequests: true });
    whole.runUntil(Infinity);
    expect((await end)?.summary).toEqual(whole.results().summary);

    const { progress, before } = second.last();
    const part = createRun(scenario, { trace: null, step: false, workloads: [], keepRequests: true });
    part.runUntil(progress.simTime);
    expect(before?.summary).toEqual(part.summary(false));
    expect(before?.summary.requests.total).toBeGreaterThan(0);
    expect(second.shares.at(-1)).toBe(1);

    const range = await session.range(10, 30);
    expect(range?.before?.summary.requests.total).toBe(range?.summary.requests.total);
    expect(range?.before?.summary.ttft.mean).toBeLessThan(range!.summary.ttft.mean!);
    await session.forgetAside();
    expect((await session.range(10, 30))?.before).toBeNull();
    await session.cancel();
  });

  test("however long the run before takes to come to the same time, the next picture follows soon", async () => {
    const clock = fakeClock();
    // A slow machine: two looks at the clock are 8 ms apart.
    const slow: SessionClock = { now: () => (clock.time += 8), wait: clock.wait };
    const session = createSession(slow);
    const heavy = complete({
      ...scenario,
      traffic: {
        ...scenario.traffic,
        source: { kind: "synthetic", arrivals: { id: "poisson", params: { rate: 60 } }, lengths: { id: "fixed" } },
      },
      pools: [{ name: "main", replicas: 12 }],
    });
    await session.start(heavy, null, OPTIONS, listen(() => true).listener);
    void session.setAside();
    const at: number[] = [];
    const seen = listen(() => at.push(clock.time) === 2);
    const began = clock.time;
    await session.start(scenario, null, { ...OPTIONS, speed: 1, skipTo: 50 }, seen.listener);
    await seen.reached;
    expect(seen.pictures[0]!.before).toBeDefined();
    expect(at[1]! - at[0]!).toBeLessThan((at[0]! - began) / 4);
    await session.cancel();
  });

  test("a run that is set aside gives way to the next that is", async () => {
    const session = createSession(fakeClock());
    const first = listen(() => true);
    await session.start(scenario, null, { ...OPTIONS, speed: 1 }, first.listener);
    const given = session.setAside();
    await session.start(scenario, null, { ...OPTIONS, speed: 1 }, listen(() => true).listener);
    const kept = session.setAside();
    expect(await kept).not.toBeNull();
    expect(await session.setAside()).toBeNull();
    void given;
  });
});
