// Run data for panels of numbers and text: they change a few times a second, not at every picture. A new run, the end of one, and a pause show at once.
import { useEffect, useState } from "react";
import { runData, useRunStore, type RunData } from "../state/run-store.ts";

const snapshot = (revision: number): RunData => ({ picture: runData.picture, ghost: runData.ghost, requests: runData.requests, revision });

export function useSlowRunData(everyMs: number): RunData {
  const [data, setData] = useState(() => snapshot(useRunStore.getState().revision));
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null;
    let last = -Infinity;
    const show = (): void => {
      timer = null;
      last = performance.now();
      setData(snapshot(useRunStore.getState().revision));
    };
    const stop = useRunStore.subscribe((now, before) => {
      if (now.revision === before.revision && now.current.phase === before.current.phase) return;
      const urgent =
        now.current.id !== before.current.id ||
        now.current.phase !== before.current.phase ||
        now.ghost !== before.ghost ||
        now.current.phase !== "running";
      const wait = urgent ? 0 : Math.max(0, last + everyMs - performance.now());
      if (wait === 0) {
        if (timer !== null) clearTimeout(timer);
        show();
      } else timer ??= setTimeout(show, wait);
    });
    show();
    return () => {
      stop();
      if (timer !== null) clearTimeout(timer);
    };
  }, [everyMs]);
  return data;
}
