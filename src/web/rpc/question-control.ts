// Asks a question of many runs: opens a pool of workers, hands it to the search, tells how far it is, and stops. One pool at a time for each question.
import type { Asked, RunScenario } from "../../analysis/types.ts";
import type { Scenario } from "../../scenario/types.ts";
import type { QuestionStore } from "../state/question.ts";
import { filesOf, openRunPool } from "./run-pool.ts";

export type Search<Input, Progress, Result> = (input: Input, run: RunScenario, asked: Asked<Progress>) => Promise<Result>;

/** Progress is drawn at most this often. */
const GAP_MS = 150;

export interface QuestionControl<Input> {
  start(input: Input, scenario: Scenario): Promise<void>;
  /** What is known so far stays. */
  stop(): void;
}

/** `load` brings the search: nobody pays for one that is not asked. */
export function questionControl<Input, Progress, Result>(
  store: QuestionStore<Input, Progress, Result>,
  load: () => Promise<Search<Input, Progress, Result>>,
): QuestionControl<Input> {
  let abort: AbortController | null = null;
  const stop = (): void => {
    if (abort === null) return;
    abort.abort();
    abort = null;
    store.setState({ phase: "stopped" });
  };
  return {
    stop,
    start: async (input, scenario) => {
      abort?.abort();
      const own = (abort = new AbortController());
      const { signal } = own;
      store.setState({ phase: "running", asked: input, progress: null, result: null, error: null });
      const fail = (error: string): void => {
        if (abort !== own) return;
        abort = null;
        store.setState({ phase: "stopped", error });
      };
      const [search, outcome] = await Promise.all([load(), filesOf(scenario, "ask again")]);
      if (signal.aborted) return;
      if (!outcome.ok) return fail(outcome.error);
      const pool = openRunPool(outcome.files);
      signal.addEventListener("abort", () => pool.end());
      let last = -Infinity;
      let late: ReturnType<typeof setTimeout> | null = null;
      const show = (progress: Progress): void => {
        if (late !== null) clearTimeout(late);
        late = setTimeout(
          () => {
            last = performance.now();
            if (!signal.aborted && abort === own) store.setState({ progress });
          },
          Math.max(0, last + GAP_MS - performance.now()),
        );
      };
      try {
        const result = await search(input, pool.run, { signal, progress: show });
        if (signal.aborted) return;
        if (late !== null) clearTimeout(late);
        abort = null;
        store.setState({ phase: "done", result });
      } catch (error) {
        if (!signal.aborted) fail(error instanceof Error ? error.message : String(error));
      } finally {
        pool.end();
      }
    },
  };
}
