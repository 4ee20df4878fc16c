// What the main thread of a page did while a story looked: from a trace of the browser (category toplevel), and by the page's own observer.
import { test, type Browser, type Page } from "@playwright/test";
import { longTasksSince } from "../scripts/lib/long-tasks.mjs";

export interface MainTask {
  /** Milliseconds by the clock, and of those that the thread ran (the rest it waited for a core). */
  readonly wall: number;
  readonly cpu: number;
  /** The browser sweeps up what the page has let go. */
  readonly sweep: boolean;
}

function mainTasks(trace: Buffer): MainTask[] {
  type TraceEvent = { name: string; pid: number; tid: number; dur?: number; tdur?: number; args?: { name?: string; src_file?: string } };
  const { traceEvents } = JSON.parse(trace.toString("utf8")) as { traceEvents: TraceEvent[] };
  const mains = new Set(
    traceEvents
      .filter(({ name, args }) => name === "thread_name" && args?.name === "CrRendererMain")
      .map(({ pid, tid }) => `${pid} ${tid}`),
  );
  return traceEvents
    .filter(({ name, pid, tid }) => name === "ThreadControllerImpl::RunTask" && mains.has(`${pid} ${tid}`))
    .map(({ dur = 0, tdur = dur, args }) => ({
      wall: dur / 1000,
      cpu: tdur / 1000,
      sweep: args?.src_file?.endsWith("/sweeper.cc") ?? false,
    }));
}

const longest = (tasks: readonly MainTask[]): string => `${Math.max(0, ...tasks.map(({ cpu }) => cpu)).toFixed(1)} ms`;

/**
 * Tasks of the main thread during `act`, and those over 50 ms: a long task that waited for a core says what else the machine was doing, so it counts when
 * the thread itself ran as long. The report of the story names the longest.
 */
export async function tasksDuring(
  page: Page,
  browser: Browser,
  act: () => Promise<void>,
): Promise<{ readonly count: number; readonly long: readonly MainTask[] }> {
  const from = await page.evaluate(() => performance.now());
  await browser.startTracing(page, { categories: ["toplevel"] });
  await act();
  const tasks = mainTasks(await browser.stopTracing());
  const observed = await longTasksSince(page, from);
  test.info().annotations.push({
    type: "measured",
    description: `long tasks seen by the browser, ms: ${observed.join(", ") || "none"}; longest of ${tasks.length} by processor time: ${longest(tasks)}, without those that sweep up: ${longest(tasks.filter(({ sweep }) => !sweep))}`,
  });
  return { count: tasks.length, long: observed.length > 0 ? tasks.filter(({ wall, cpu }) => wall > 50 && cpu > 50) : [] };
}
