// What one request of a watched run went through: the run is made once more, with nothing recorded but that request.
import type { RequestTimeline } from "../engine/metrics/results.ts";
import { RequestTracer } from "../engine/metrics/tracer.ts";
import { rerouted } from "./reroute.ts";
import { createRun } from "./run.ts";
import { SLICE_MS, type SessionClock } from "./session-clock.ts";
import type { Live } from "./session-live.ts";

export interface Asked {
  /** Row of the request. */
  readonly id: number;
  /** The replica that it is sent to instead. */
  readonly replica: number | undefined;
}

/** As far as the run has come; less where `wanted` says that nobody waits for it any more. */
export async function timelineOf(
  it: Live,
  { id, replica }: Asked,
  clock: SessionClock,
  wanted: () => boolean,
): Promise<RequestTimeline | null> {
  const tracer = new RequestTracer(id);
  const run = createRun(it.scenario, {
    ...it.needs,
    step: false,
    keepRequests: false,
    recorders: () => [tracer],
    ...(replica === undefined ? {} : { change: (config) => rerouted(config, { id, replica }) }),
  });
  tracer.attach(run.simulation);
  const until = it.run.simulation.now;
  while (wanted() && !tracer.finished) {
    const end = clock.now() + SLICE_MS;
    let over = false;
    while (!over && !tracer.finished && clock.now() < end) over = run.runUntil(until, 2000) || run.simulation.now >= until;
    if (over) break;
    const before = run.simulation.events;
    await clock.wait(0);
    if (run.runUntil(until, 1) || run.simulation.events === before) break;
  }
  return tracer.timeline();
}
