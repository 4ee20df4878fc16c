// Long work in slices: whoever does it looks up at least every few hundredths of a second, so that messages come in and a cancel is heeded.

/** The work was cancelled; whoever asked knows what to keep. */
export class Cancelled extends Error {}

const SLICE_MS = 25;

/** Resolves after messages that wait have been heard. A timer would wait for 4 ms and more. */
function breath(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

export interface Pace {
  /** Runs steps to their end, between messages. `onStep` is told of steps at most once a slice. Throws Cancelled. */
  run<Step, Result>(steps: Generator<Step, Result>, onStep?: (step: Step) => void): Promise<Result>;
  /** Lets messages in when it is time. Throws Cancelled. */
  rest(): Promise<void>;
}

/** `now`: milliseconds of a steady clock. */
export function paced(signal: AbortSignal, now: () => number): Pace {
  let since = now();
  const rest = async (): Promise<void> => {
    if (now() - since >= SLICE_MS) {
      await breath();
      since = now();
    }
    if (signal.aborted) throw new Cancelled();
  };
  return {
    rest,
    run: async (steps, onStep) => {
      for (;;) {
        const next = steps.next();
        if (next.done === true) return next.value;
        if (now() - since < SLICE_MS) continue;
        onStep?.(next.value);
        await rest();
      }
    },
  };
}
