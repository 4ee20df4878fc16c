// The clock that a watched run is paced by; tests bring their own.

/** Work between two turns of the message loop, so that pause and cancel answer at once. */
export const SLICE_MS = 12;

export interface SessionClock {
  now(): number;
  /** Resolves after `ms`; 0 = as soon as other messages have had their turn. */
  wait(ms: number): Promise<void>;
}

/** The wall clock. A message channel gives way without the 4 ms that timers cost. */
export function wallClock(): SessionClock {
  const waiting: (() => void)[] = [];
  const channel = new MessageChannel();
  channel.port1.onmessage = () => waiting.shift()?.();
  return {
    now: () => performance.now(),
    wait: (ms) =>
      new Promise((done) => {
        if (ms > 0) setTimeout(done, ms);
        else {
          waiting.push(done);
          channel.port2.postMessage(0);
        }
      }),
  };
}
