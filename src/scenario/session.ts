// A run that is watched: paced against the wall clock, paused, stepped, cancelled, asked questions. This is what the simulation worker does;
// it knows no DOM and no messages, so that Node and tests can run it too. The engine itself stays without a clock.
import type { OpenProfile } from "../latency/types.ts";
import type { Trace } from "../workload/types.ts";
import { createAside, type Aside } from "./aside.ts";
import { needsOf } from "./needs.ts";
import { profilesOf } from "./profile-refs.ts";
import type { NamedProfile } from "./profiles.ts";
import { createRun } from "./run.ts";
import { SLICE_MS, wallClock, type SessionClock } from "./session-clock.ts";
import { liveOf, messageOf, newsOf, pictureOf, progressOf, shareOf, type Live } from "./session-live.ts";
import type { PictureMessage, SimulationHost, Speed } from "./session-types.ts";

/** Most ended requests in a message: the page takes each in a task of its own, and memory touched for the first time can cost it 10 us per 4 KB. */
const MOST_ROWS = 8192;
/** Events between two looks at the clock, to begin with. */
const FIRST_BATCH = 500;
/** Pictures are at least this far apart, and take at most a quarter of the time. */
const PICTURE_MS = 50;
const PICTURE_SHARE = 4;
/** While a restarted run catches up with the playhead, the old picture stays this long: short runs then change without a flicker. */
const QUIET_MS = 1200;
/** Ended requests up to which exact quantiles take no noticeable time. */
const EXACT_AT_ONCE = 200_000;
/** A run that stands still while the page draws does so for at most this long: a page that nobody looks at hardly draws. */
const STAND_STILL_MS = 100;
/** A machine that is this far behind the wanted speed forgets the debt. */
const DEBT_MS = 250;

export function createSession(clock: SessionClock = wallClock()): SimulationHost {
  let live: Live | null = null;
  let speed: Speed = 60;
  let starts = 0;
  /** What was asked of a run whose tables are still loading. */
  let coming: { paused: boolean; cancelled: boolean } | null = null;
  /** The trace of the last run, so that a restart need not send it again. */
  let kept: { readonly hash: string; readonly trace: Trace } | null = null;
  /** Profiles of the last run, likewise. */
  let profiles: ReadonlyMap<string, NamedProfile> = new Map();
  let openProfiles: ReadonlyMap<string, OpenProfile> = new Map();
  /** The run that the present one is compared with. */
  let aside: Aside | null = null;

  function picture(it: Live, exact: boolean): PictureMessage {
    const before = it.phase === "finished" ? null : (aside?.at(it.run.simulation.now) ?? null);
    const made = messageOf(it.run, progressOf(it), exact && it.options.keepRequests, ++it.revision);
    const routing = it.phase === "finished" ? it.run.routing() : null;
    return { ...made, ...(before === null ? {} : { before }), ...(routing === null ? {} : { routing }) };
  }

  const catchingUp = (): boolean => live?.catchingUp === true;

  /** Brings the run that this one is compared with to the same time; other messages have their turn meanwhile. */
  async function follow(it: Live): Promise<void> {
    const { now } = it.run.simulation;
    while (live === it && aside !== null && !aside.follow(now, clock.now() + SLICE_MS)) await clock.wait(0);
  }

  /** Whether a run that goes on may send its next picture: a slow page gets fewer pictures, not a queue of them. */
  const isDue = (it: Live, now: number): boolean =>
    it.undrawn === 0 && now >= it.restUntil && now - it.lastPictureAt >= Math.max(PICTURE_MS, it.pictureMs * PICTURE_SHARE);

  /** Sends what is new; `rows`: with the requests that have ended. */
  async function send(it: Live, { exact = false, rows = it.options.keepRequests } = {}): Promise<void> {
    // Work of this side only: what the page or the run before takes is no reason to send less afterwards, and may be seconds.
    let workMs = 0;
    const timed = <Made>(make: () => Made): Made => {
      const began = clock.now();
      const made = make();
      workMs += clock.now() - began;
      return made;
    };
    while (rows && it.run.endedCount > it.sentRequests) {
      const from = it.sentRequests;
      it.sentRequests = Math.min(it.run.endedCount, from + MOST_ROWS);
      await it.listener.onRequests(timed(() => it.run.requests(from, it.sentRequests)));
      if (live !== it) return;
    }
    // What has been stopped shows at once; the comparison follows.
    if (aside !== null && !it.catchingUp && (it.phase === "running" || it.phase === "paused")) {
      await follow(it);
      if (live !== it) return;
    }
    const news = newsOf(it);
    if (news !== null) await it.listener.onFleet(news);
    const made = timed(() => picture(it, exact));
    it.pictureMs = workMs;
    it.lastPictureAt = clock.now();
    it.undrawn++;
    const sentAt = clock.now();
    Promise.resolve(it.listener.onPicture(made))
      .catch((error: unknown) => stopped(it, error))
      .finally(() => {
        it.undrawn--;
        const now = clock.now();
        it.restUntil = now + (now - sentAt);
      });
  }

  /** A run that stands still: at once from the sketches, then with all its requests and exact quantiles, which look at every one. */
  async function settle(it: Live): Promise<void> {
    if (it.run.endedCount > EXACT_AT_ONCE) {
      await send(it, { rows: false });
      await clock.wait(0);
    }
    if (it.phase === "cancelled" && aside !== null) {
      await send(it);
      await follow(it);
    }
    if (live === it) await send(it, { exact: true });
  }

  /** One slice of work: until the run is over, the limit is reached, or the time of the slice is up. */
  function slice(it: Live, limit: number): "over" | "limit" | "time" {
    const { simulation } = it.run;
    const until = clock.now() + SLICE_MS;
    let batch = FIRST_BATCH;
    for (;;) {
      const began = clock.now();
      const before = simulation.events;
      if (it.run.runUntil(limit, batch)) return "over";
      if (simulation.events - before < batch) return "limit";
      const now = clock.now();
      if (now >= until) return "time";
      // As many events as fit into a quarter of a slice, at the rate of this batch.
      batch = Math.max(50, Math.min(200_000, Math.round((batch * SLICE_MS) / 4 / Math.max(0.05, now - began))));
    }
  }

  /** How far the run may go now: to the playhead of the run before, then to where the clock is at the chosen speed. */
  function paceLimit(it: Live, now: number): number {
    if (it.catchingUp) return it.options.skipTo;
    return speed === "max" ? Infinity : it.paceFrom.sim + ((now - it.paceFrom.wall) / 1000) * speed;
  }

  async function standStill(it: Live): Promise<void> {
    const until = clock.now() + STAND_STILL_MS;
    while (live === it && it.phase === "running" && it.undrawn > 0 && clock.now() < until) await clock.wait(4);
  }

  async function loop(it: Live): Promise<void> {
    const { simulation } = it.run;
    while (live === it && it.phase === "running") {
      const began = clock.now();
      const limit = paceLimit(it, began);
      const outcome = slice(it, limit);
      const now = clock.now();
      it.wallMs += now - began;
      if (outcome === "over") {
        it.phase = "finished";
        simulation.finish();
        if (it.catchingUp) it.listener.onCatchUp(1);
        it.catchingUp = false;
        await settle(it);
        return;
      }
      if (it.catchingUp && outcome === "limit") {
        it.catchingUp = false;
        it.listener.onCatchUp(1);
        it.paceFrom = { wall: now, sim: it.options.skipTo };
        if (it.pausesThere) it.phase = "paused";
        await send(it);
        continue;
      }
      // A slice that did not reach its limit is behind; a machine that stays behind forgets the debt.
      if (!it.catchingUp && speed !== "max" && outcome === "time" && ((limit - simulation.now) / speed) * 1000 > DEBT_MS)
        it.paceFrom = { wall: now, sim: simulation.now };
      if (it.catchingUp && now - it.lastShareAt >= PICTURE_MS) {
        it.lastShareAt = now;
        it.listener.onCatchUp(shareOf(it));
      }
      const quiet = it.catchingUp && now - it.startedAt < QUIET_MS;
      if (!quiet && isDue(it, now)) {
        await send(it);
        if (it.options.sharesCore === true && outcome === "time") await standStill(it);
      }
      await clock.wait(outcome === "limit" ? 8 : 0);
    }
  }

  /** Turns a defect into a sentence. */
  function stopped(it: Live, error: unknown): void {
    if (live === it) live = null;
    it.listener.onError(
      `The run stopped at ${it.run.simulation.now.toFixed(1)} s of simulated time: ${error instanceof Error ? error.message : String(error)}`,
    );
  }

  /** Runs the loop from now on. */
  function go(it: Live): void {
    const now = clock.now();
    it.paceFrom = { wall: now, sim: Math.max(it.run.simulation.now, it.options.skipTo) };
    loop(it).catch((error: unknown) => stopped(it, error));
  }

  const host: SimulationHost = {
    async start(scenario, trace, options, listener) {
      live = null;
      const { source } = scenario.traffic;
      if (source.kind === "trace") {
        if (trace !== null) kept = { hash: source.hash, trace };
        if (kept?.hash !== source.hash) throw new Error(`The trace ${source.file} is not loaded. Open the file.`);
      } else kept = null;
      const own = source.kind === "trace" && kept !== null ? kept.trace : null;
      // Before anything waits: the next start may count on these.
      const named = new Map([...profiles.values(), ...(options.profiles ?? [])].map((entry) => [entry.hash, entry]));
      const wanted = profilesOf(scenario);
      const mine = new Map([...named].filter(([hash]) => wanted.some((ref) => ref.hash === hash)));
      profiles = mine;
      const turn = ++starts;
      const asked = { paused: options.paused, cancelled: false };
      coming = asked;
      const needs = await needsOf(scenario, own, mine, openProfiles).finally(() => {
        if (coming === asked) coming = null;
      });
      // Another start came while the tables were loading.
      if (turn !== starts) return;
      openProfiles = needs.profiles;
      const run = createRun(scenario, { ...needs, step: false, keepRequests: options.keepRequests });
      const now = clock.now();
      const phase = asked.cancelled ? "cancelled" : asked.paused && options.skipTo <= 0 ? "paused" : "running";
      const it = liveOf({ run, scenario, needs, listener, options, startedAt: now, pausesThere: asked.paused }, phase);
      live = it;
      speed = options.speed;
      if (it.phase === "running") go(it);
      else if (it.phase === "paused") await send(it);
      else {
        run.simulation.finish();
        await settle(it);
      }
    },
    async setSpeed(next) {
      speed = next;
      if (live !== null) live.paceFrom = { wall: clock.now(), sim: Math.max(live.run.simulation.now, live.options.skipTo) };
    },
    async pause() {
      if (coming !== null) coming.paused = true;
      if (live?.phase !== "running") return;
      live.phase = "paused";
      await send(live);
    },
    async resume() {
      if (coming !== null) coming.paused = false;
      if (live?.phase !== "paused") return;
      live.phase = "running";
      go(live);
    },
    async step() {
      if (coming !== null) coming.paused = true;
      const it = live;
      if (it === null || it.phase === "finished" || it.phase === "cancelled") return;
      it.phase = it.run.simulation.stepEvent() ? "finished" : "paused";
      if (it.phase !== "finished") return send(it);
      it.run.simulation.finish();
      await settle(it);
    },
    async cancel() {
      if (coming !== null) coming.cancelled = true;
      const it = live;
      if (it === null || it.phase === "finished" || it.phase === "cancelled") return;
      it.phase = "cancelled";
      it.run.simulation.finish();
      void settle(it);
    },
    async timeline(id, replica) {
      const it = live;
      if (it === null) return null;
      const { timelineOf } = await import("./session-timeline.ts");
      return timelineOf(it, { id, replica }, clock, () => live === it);
    },
    async range(from, to) {
      const { rangeResult } = await import("./range-result.ts");
      if (live === null || !live.options.keepRequests) return null;
      const result = rangeResult(live.run, from, to);
      // Equal parts of two runs: what has not ended yet in one must not count in the other.
      const whole = live.run.simulation.now >= to && aside?.keepsRequests === true;
      return result === null ? null : { ...result, before: whole ? rangeResult(aside!.run, from, to) : null };
    },
    async setAside() {
      const it = live;
      if (it === null) return null;
      live = null;
      const { run, scenario, needs, options } = it;
      const made = createAside({ run, scenario, needs, keepRequests: options.keepRequests }, () => clock.now());
      aside = made;
      if (made === null) return null;
      for (;;) {
        if (aside !== made) return null;
        // The run that people wait for comes first.
        const busy = catchingUp();
        if (!busy && made.finish(clock.now() + SLICE_MS)) break;
        await clock.wait(busy ? 8 : 0);
      }
      it.phase = it.phase === "cancelled" ? "cancelled" : "finished";
      return pictureOf(run, progressOf(it), options.keepRequests, ++it.revision);
    },
    async forgetAside() {
      aside = null;
    },
    async position() {
      if (live === null) return null;
      const { now, events } = live.run.simulation;
      return { simTime: now, events, over: live.phase === "finished" || live.phase === "cancelled" };
    },
  };
  return host;
}
