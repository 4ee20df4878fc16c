// What can send requests, for those outside this folder: measured workloads, arrival processes, length laws, and the source of a scenario's traffic.
export { arrivals, lengths } from "./synth/index.ts";
export { createSource, tenantsOfTrace } from "./create.ts";
export { pregenerate } from "./pregenerate.ts";
