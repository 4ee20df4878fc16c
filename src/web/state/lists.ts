// What a scenario may name, with all its fields, where that is too much for the first load: it follows after the first paint.
import { useEffect, useState } from "react";
import { fixed } from "../../policies/autoscaling/fixed.ts";
import { basicRouting } from "../../policies/routing/basic.ts";
import type { Described } from "../../scenario/registries.ts";
import { basicLengths } from "../../workload/synth/basic.ts";

export interface Lists {
  readonly autoscalers: readonly Described[];
  readonly routers: readonly Described[];
  readonly lengths: readonly Described[];
}

/** What is loaded so far. */
let loaded: Lists = { autoscalers: [fixed], routers: basicRouting, lengths: basicLengths };

export const lists = (): Lists => loaded;

async function load(): Promise<void> {
  const [{ autoscaling }, { routing }, { lengths }] = await Promise.all([
    import("../../policies/autoscaling/index.ts"),
    import("../../policies/routing/index.ts"),
    import("../../workload/synth/index.ts"),
  ]);
  loaded = { autoscalers: autoscaling, routers: routing, lengths };
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
