// All that a scenario may name and a run does not bring along: for the command line, sweeps and tests. A worker loads what is named (needs.ts).
import { prefixSharing } from "../engine/kv/sharing.ts";
import { admission } from "../policies/admission/index.ts";
import { autoscaling } from "../policies/autoscaling/index.ts";
import { batching } from "../policies/batching/index.ts";
import { ordering } from "../policies/ordering/index.ts";
import { routing } from "../policies/routing/index.ts";
import { arrivals, lengths } from "../workload/synth/index.ts";
import type { BuildOptions } from "./build.ts";

export const everything = {
  admissions: admission,
  arrivals,
  autoscalers: autoscaling,
  lengths,
  orders: ordering,
  routers: routing,
  schedulers: batching,
  sharing: prefixSharing,
} satisfies Partial<BuildOptions>;
