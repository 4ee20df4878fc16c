// What the two sides of the queue agree on.
import { ENGINE_VERSION } from "../../scenario/version.ts";
import type { Measure } from "../../analysis/types.ts";
import type { Scenario } from "../../scenario/types.ts";

/** A worker of another engine version would give other figures: it looks at another queue. */
export const QUEUE = `goodput-runs-${ENGINE_VERSION}`;

/** A run to do. Its answer is a row as `sweep-rows.ts` writes it. */
export interface QueuedRun {
  readonly id: string;
  readonly scenario: Scenario;
  readonly measure?: Measure;
  /** Hash of the files that the scenario names; null where it names none. */
  readonly files: string | null;
}

/** Milliseconds for which a worker that says nothing keeps a run. It speaks up between slices of a run, many times a second. */
export const LOCK_MS = 10_000;
/** How often workers look for runs whose worker has died. */
export const LOOK_MS = 5_000;
/** Workers that may die over one run before it is given up. */
export const MOST_DEATHS = 2;
/** Seconds for which answers and files stay on the server. */
export const KEPT_SECONDS = 24 * 3600;

export const filesKey = (hash: string): string => `goodput:files:${hash}`;
