// Typed proxies of the workers. A worker that dies is reported once; the next call starts a fresh one.
import { proxy, releaseProxy, wrap, type Remote } from "comlink";
import type { SimulationHost, TraceHost } from "./protocol.ts";

export interface Connection<Host> {
  readonly host: Remote<Host>;
  /** Ends the worker at once. */
  end(): void;
}

/** Why a worker stopped, as far as the browser says. */
const reason = (event: ErrorEvent | MessageEvent): string =>
  "message" in event && event.message !== ""
    ? event.message.replace(/^Uncaught (Error: )?/, "")
    : "it could not be loaded or ran out of memory";

export function connect<Host>(worker: Worker, onCrash: (why: string) => void): Connection<Host> {
  const host = wrap<Host>(worker);
  let over = false;
  const end = (): void => {
    if (over) return;
    over = true;
    (host as Remote<object>)[releaseProxy]();
    worker.terminate();
  };
  const crash = (event: ErrorEvent | MessageEvent): void => {
    if (over) return;
    event.preventDefault();
    end();
    onCrash(reason(event));
  };
  worker.addEventListener("error", crash);
  worker.addEventListener("messageerror", crash);
  return { host, end };
}

export const connectSimulation = (onCrash: (why: string) => void): Connection<SimulationHost> =>
  connect(new Worker(new URL("../../../workers/simulate.ts", import.meta.url), { type: "module", name: "simulate" }), onCrash);

export const connectTrace = (onCrash: (why: string) => void): Connection<TraceHost> =>
  connect(new Worker(new URL("../../../workers/trace.ts", import.meta.url), { type: "module", name: "trace" }), onCrash);

export { proxy };
