// The suites by name. Loaded one at a time: a suite that cannot be loaded does not stop the others.
import type { Suite } from "./suite.ts";

export const suites: Readonly<Record<string, () => Promise<{ readonly suite: Suite }>>> = {
  workloads: () => import("./workloads.ts"),
  "malformed-traces": () => import("./malformed-traces.ts"),
  "autoscaling-lab": () => import("./autoscaling-lab.ts"),
  vidur: () => import("./vidur.ts"),
  fit: () => import("./fit.ts"),
  measured: () => import("./measured.ts"),
  routing: () => import("./routing.ts"),
  vtc: () => import("./vtc.ts"),
  identity: () => import("./identity.ts"),
};
