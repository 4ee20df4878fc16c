// Lists of what a scenario may name that are too long for the first load: they follow after the first paint.
import { useEffect, useState } from "react";
import { fixed } from "../../policies/autoscaling/fixed.ts";
import type { Described } from "../../scenario/registries.ts";
import type { WorkloadEntry } from "../../workload/presets/index.ts";

/** What is loaded so far. */
export const lists: { autoscalers: readonly Described[]; workloads: readonly WorkloadEntry[] } = { autoscalers: [fixed], workloads: [] };

async function load(): Promise<void> {
  const [{ autoscaling }, { workloads }] = await Promise.all([
    import("../../policies/autoscaling/index.ts"),
    import("../../workload/presets/index.ts"),
  ]);
  Object.assign(lists, { autoscalers: autoscaling, workloads });
}

let loading: Promise<void> | null = null;

/** A list as far as it is loaded; asks for the rest, and draws again when it is there. */
export function useList<Name extends keyof typeof lists>(name: Name): (typeof lists)[Name] {
  const [list, setList] = useState(lists[name]);
  useEffect(() => {
    loading ??= load();
    loading.then(
      () => setList(lists[name]),
      // Not there (the connection is gone): the next form that needs it asks again.
      () => {
        loading = null;
      },
    );
  }, [name]);
  return list;
}
