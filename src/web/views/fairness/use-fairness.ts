// The curves of the run so far, as last answered: one question at a time, the next one when there is something new.
import { useEffect, useRef, useState } from "react";
import { MOST_REQUESTS, type FairnessCurves } from "../../../analysis/fairness-curves.ts";
import { askFairness } from "../../rpc/fairness-client.ts";
import { useRunStore, type RunData } from "../../state/run-store.ts";

interface Answer {
  readonly run: number;
  readonly curves: FairnessCurves | null;
}

/** Null until the first answer about this run. `seen`: nothing is worked out where nobody looks. */
export function useFairness({ picture, requests }: RunData, seen: boolean): FairnessCurves | null {
  const run = useRunStore((state) => state.current.id);
  const scenario = useRunStore((state) => state.current.scenario);
  const [answer, setAnswer] = useState<Answer | null>(null);
  const asked = useRef({ about: "", busy: false });
  const { length } = requests;
  const wanted = seen && picture !== null && scenario !== null && length > 0 && length <= MOST_REQUESTS;
  const about = `${run} ${length} ${picture?.progress.simTime ?? 0}`;
  useEffect(() => {
    if (!wanted || asked.current.busy || asked.current.about === about) return;
    asked.current = { about, busy: true };
    const question = {
      scenario,
      requests,
      // Of all that was sampled, what the bound needs.
      fleet: { replicas: picture.fleet.replicas.map(({ pool, kvBlocks }) => ({ pool, kvBlocks })) },
      tenants: picture.summary.tenants.map(({ name }) => name),
      simTime: picture.progress.simTime,
    };
    void askFairness(question).then((curves) => {
      asked.current.busy = false;
      setAnswer({ run, curves });
    });
  }, [wanted, about, answer, scenario, requests, picture, run]);
  return answer !== null && answer.run === run && length > 0 && length <= MOST_REQUESTS ? answer.curves : null;
}
