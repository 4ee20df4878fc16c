// Run data for panels. Each panel is drawn in a task of its own, so that a picture never keeps the page from answering for longer than one panel takes;
// panels of numbers and text change a few times a second, with one of the pictures: while the page draws one, a run that shares the processor waits.
// A new run, the end of one, and a pause show at once.
import { useEffect, useState } from "react";
import { flushSync } from "react-dom";
import { runData, useRunStore, type RunData } from "../state/run-store.ts";
import { takeTurn } from "../ui/turns.ts";

const snapshot = (revision: number): RunData => ({ picture: runData.picture, ghost: runData.ghost, requests: runData.requests, revision });

/** A picture that comes at most this much early is taken: the next one would be late by more. */
const EARLY_MS = 40;

/** Picture, ghost and ended requests as of the last drawing; some `everyMs` between two. */
export function useRunData(everyMs = 0): RunData {
  const [data, setData] = useState(() => snapshot(useRunStore.getState().revision));
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null;
    let leave: (() => void) | null = null;
    let last = -Infinity;
    const show = (): void => {
      leave = null;
      last = performance.now();
      // Without it React would draw the panels of several turns together.
      flushSync(() => setData(snapshot(useRunStore.getState().revision)));
    };
    const queue = (): void => {
      if (timer !== null) clearTimeout(timer);
      timer = null;
      leave ??= takeTurn(show);
    };
    const stop = useRunStore.subscribe((now, before) => {
      if (now.revision === before.revision && now.current.phase === before.current.phase) return;
      const urgent =
        now.current.id !== before.current.id ||
        now.current.phase !== before.current.phase ||
        now.ghost !== before.ghost ||
        now.current.phase !== "running";
      const wait = last + everyMs - performance.now();
      if (urgent || wait <= EARLY_MS) queue();
      // No picture may come for a while.
      else timer ??= setTimeout(queue, wait + everyMs);
    });
    // What has come since the first rendering.
    queue();
    return () => {
      stop();
      leave?.();
      if (timer !== null) clearTimeout(timer);
    };
  }, [everyMs]);
  return data;
}
