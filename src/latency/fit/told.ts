// Long work as generators that yield progress: a part's own steps become the progress of the whole.
import type { FitProgress } from "./types.ts";

export type Steps<T> = Generator<FitProgress, T>;

/** Passes on the steps of a part as progress. */
export function* told<T>(
  steps: Generator<unknown, T>,
  progress: FitProgress,
  done: (step: unknown) => number = () => progress.done,
): Steps<T> {
  for (;;) {
    const next = steps.next();
    if (next.done === true) return next.value;
    yield { ...progress, done: done(next.value) };
  }
}
