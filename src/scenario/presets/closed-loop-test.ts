// What load generators do: a fixed number of users, each waiting for the answer before asking again.
import { preset } from "./preset.ts";

export const closedLoopTest = preset(
  "closed-loop-test",
  "A load generator never overloads: with twice the users each waits longer and the rate hardly grows. Change the number of users.",
  {
    name: "Load test, 128 users",
    traffic: {
      source: {
        kind: "synthetic",
        arrivals: { id: "closed-loop", params: { concurrency: 128 } },
        lengths: { id: "uniform", params: { promptMin: 256, outputMin: 64 } },
      },
      maxSeconds: 600,
    },
    pools: [{ name: "main", gpu: "h100-sxm", replicas: 1 }],
  },
);
