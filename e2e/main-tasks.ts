// What the main thread of a page did, from a trace of the browser (category toplevel).

export interface MainTask {
  /** Milliseconds by the clock, and of those that the thread ran (the rest it waited for a core). */
  readonly wall: number;
  readonly cpu: number;
  /** The browser sweeps up what the page has let go: a piece of its own whose size no code of a page can set. Told apart from the page's own work. */
  readonly sweep: boolean;
}

/** Tasks of a page's main thread. */
export function mainTasks(trace: Buffer): MainTask[] {
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
