// What a scenario may name, with all its fields, where that is too much for the first load: it follows after the first paint.
import { useEffect, useState } from "react";
import { basicAdmission } from "../../policies/admission/basic.ts";
import { fixed } from "../../policies/autoscaling/fixed.ts";
import { basicBatching } from "../../policies/batching/basic.ts";
import { fcfs } from "../../policies/ordering/fcfs.ts";
import { basicRouting } from "../../policies/routing/basic.ts";
import type { Described } from "../../scenario/registries.ts";
import { basicArrivals } from "../../workload/synth/arrivals.ts";
import { basicLengths } from "../../workload/synth/basic.ts";

export interface Lists {
  readonly admissions: readonly Described[];
  readonly arrivals: readonly Described[];
  readonly autoscalers: readonly Described[];
  readonly orders: readonly Described[];
  readonly schedulers: readonly Described[];
  readonly routers: readonly Described[];
  readonly lengths: readonly Described[];
}

/** What is loaded so far. */
let loaded: Lists = {
  admissions: basicAdmission,
  arrivals: basicArrivals,
  autoscalers: [fixed],
  orders: [fcfs],
  schedulers: basicBatching,
  routers: basicRouting,
  lengths: basicLengths,
};

export const lists = (): Lists => loaded;

async function load(): Promise<void> {
  const [{ admission }, { autoscaling }, { batching }, { ordering }, { routing }, { arrivals, lengths }] = await Promise.all([
    import("../../policies/admission/index.ts"),
    import("../../policies/autoscaling/index.ts"),
    import("../../policies/batching/index.ts"),
    import("../../policies/ordering/index.ts"),
    import("../../policies/routing/index.ts"),
    import("../../workload/synth/index.ts"),
  ]);
  loaded = { admissions: admission, arrivals, autoscalers: autoscaling, orders: ordering, schedulers: batching, routers: routing, lengths };
}

let loading: Promise<void> | null = null;

/** The lists as far as they are loaded; asks for the rest, and draws again when it is there. */
export function useLists(): Lists {
  const [list, setList] = useState(loaded);
  useEffect(() => {
    loading ??= load();
    loading.then(
      () => setList(loaded),
      // Not there (the connection is gone): the next form that needs it asks again.
      () => {
        loading = null;
      },
    );
  }, []);
  return list;
}
