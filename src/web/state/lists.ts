// The autoscalers that a scenario may name, with all their fields: too many for the first load, they follow after the first paint.
import { useEffect, useState } from "react";
import { fixed } from "../../policies/autoscaling/fixed.ts";
import type { Described } from "../../scenario/registries.ts";

/** What is loaded so far. */
export const lists: { autoscalers: readonly Described[] } = { autoscalers: [fixed] };

async function load(): Promise<void> {
  const { autoscaling } = await import("../../policies/autoscaling/index.ts");
  lists.autoscalers = autoscaling;
}

let loading: Promise<void> | null = null;

/** The list as far as it is loaded; asks for the rest, and draws again when it is there. */
export function useAutoscalers(): readonly Described[] {
  const [list, setList] = useState(lists.autoscalers);
  useEffect(() => {
    loading ??= load();
    loading.then(
      () => setList(lists.autoscalers),
      // Not there (the connection is gone): the next form that needs it asks again.
      () => {
        loading = null;
      },
    );
  }, []);
  return list;
}
