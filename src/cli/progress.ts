// Progress of a run, on stderr and only for a terminal. The engine is asked to go on in slices, so that there is something to show.
import { clock, whole } from "./format.ts";

/** Events between two looks at the clock. */
export const SLICE_EVENTS = 20_000;

export interface ProgressLine {
  show(done: number, total: number, simTime: number): void;
  clear(): void;
}

export function progressLine(stream: NodeJS.WriteStream = process.stderr): ProgressLine {
  let shownAt = 0;
  let open = false;
  return {
    show: (done, total, simTime) => {
      if (!stream.isTTY || Date.now() - shownAt < 100) return;
      shownAt = Date.now();
      open = true;
      stream.write(`\r\u001b[K${whole(done)}${Number.isNaN(total) ? "" : ` of ${whole(total)}`} requests, simulated ${clock(simTime)}`);
    },
    clear: () => {
      if (open) stream.write("\r\u001b[K");
      open = false;
    },
  };
}
