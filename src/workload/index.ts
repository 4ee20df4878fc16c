// What can send requests, for those outside this folder: the source of a scenario's traffic, and requests drawn beforehand.
export { createSource, tenantsOfTrace } from "./create.ts";
export { pregenerate } from "./pregenerate.ts";
