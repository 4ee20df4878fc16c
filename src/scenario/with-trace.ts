// A scenario on a trace. Apart from the engine, so that the page and the command line share it.
import type { Scenario } from "./types.ts";

/** The scenario on a trace as it stands: the scales, limits and window of the traffic before say nothing about this one. */
export function withTrace(scenario: Scenario, trace: { readonly hash: string; readonly file: string }): Scenario {
  return {
    ...scenario,
    traffic: {
      source: { kind: "trace", hash: trace.hash, file: trace.file, from: 0, to: null, loop: false },
      rateScale: 1,
      promptScale: 1,
      outputScale: 1,
      maxRequests: null,
      maxSeconds: null,
    },
  };
}
