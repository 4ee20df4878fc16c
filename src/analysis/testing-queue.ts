// M/D/1 as a scenario, and what theory says of it: for tests of what is concluded from runs. One replica that serves one request at a time, each in the same time.
import { complete } from "../scenario/complete.ts";
import type { Scenario } from "../scenario/types.ts";

/** Seconds of service. */
export const SERVICE = 0.01;

export interface QueueOptions {
  readonly requests: number;
  /** Share of the server's time that is asked for. */
  readonly load: number;
  /** Limit on the end-to-end latency, service times. */
  readonly limit: number;
  /** Seconds of service where they are not SERVICE. */
  readonly service?: number;
}

export const constantService = ({ requests, load, limit, service = SERVICE }: QueueOptions): Scenario =>
  complete({
    name: "M/D/1",
    traffic: {
      source: {
        kind: "synthetic",
        arrivals: { id: "poisson", params: { rate: load / SERVICE } },
        lengths: { id: "fixed", params: { prompt: 16, output: 1 } },
      },
      maxRequests: requests,
      maxSeconds: null,
    },
    sloClasses: [{ name: "standard", e2e: limit * SERVICE }],
    pools: [
      {
        name: "main",
        replicas: 1,
        batching: { id: "vllm", params: { batchCap: 1 } },
        latency: { id: "linear", params: { coefficients: "custom", perToken: 0, perRequest: 0, perContext: 0, fixed: service } },
      },
    ],
  });

/** P(wait <= t service times) at a load below 1 (Erlang 1909; A. K. Erlang's series as in Tijms, A First Course in Stochastic Models, 2003, section 9.6). */
function waitAtMost(t: number, load: number): number {
  let sum = 0;
  let factorial = 1;
  for (let k = 0; k <= Math.floor(t); k++) {
    if (k > 0) factorial *= k;
    sum += (Math.pow(load * (k - t), k) / factorial) * Math.exp(-load * (k - t));
  }
  return (1 - load) * sum;
}

/** Requests per second at which a share of them is served within `limit` service times. */
export function rateOfConstantService(limit: number, share: number): number {
  let [low, high] = [0, 1];
  for (let i = 0; i < 60; i++) {
    const load = (low + high) / 2;
    if (waitAtMost(limit - 1, load) >= share) low = load;
    else high = load;
  }
  return low / SERVICE;
}
