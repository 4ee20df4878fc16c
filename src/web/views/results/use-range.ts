// Results of the brushed range, from the simulation worker. Old results stay until the new ones are there.
import { useEffect, useState } from "react";
import { runHost } from "../../rpc/run-control.ts";
import type { SimulationHost } from "../../rpc/protocol.ts";
import { useRunStore } from "../../state/run-store.ts";

type RangeResult = NonNullable<Awaited<ReturnType<SimulationHost["range"]>>>;

export interface RangeState {
  readonly range: readonly [number, number];
  readonly result: RangeResult | null;
  /** Why there is none. */
  readonly trouble: string;
}

/** While the run goes on, requests of the range still end: ask again this often. */
const AGAIN_MS = 2000;

export function useRangeResult(range: readonly [number, number] | null): RangeState | null {
  const [state, setState] = useState<RangeState | null>(null);
  const phase = useRunStore((store) => store.current.phase);
  const run = useRunStore((store) => store.current.id);
  useEffect(() => {
    if (!range) {
      setState(null);
      return;
    }
    let over = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async (): Promise<void> => {
      const host = runHost();
      try {
        const result = host ? await host.range(range[0], range[1]) : null;
        if (over) return;
        const trouble = result
          ? ""
          : host
            ? "No request of this range has ended yet."
            : "This recorded run has no single requests. Press Run to get them.";
        setState({ range, result, trouble });
      } catch (error) {
        if (!over)
          setState({
            range,
            result: null,
            trouble: `The range could not be computed: ${error instanceof Error ? error.message : String(error)}.`,
          });
      }
      if (!over && phase === "running") timer = setTimeout(() => void ask(), AGAIN_MS);
    };
    timer = setTimeout(() => void ask(), 60);
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [range, phase, run]);
  return range ? state : null;
}
