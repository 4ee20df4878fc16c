// Runs a card of the gallery in a pool of sweep workers.
import type { Card } from "../../gallery/card.ts";
import { runCard } from "../../gallery/run-card.ts";
import { galleryEnded, galleryRunning } from "../state/gallery-store.ts";
import { openRunPool } from "./run-pool.ts";

const runs = new Map<string, AbortController>();

export async function startCard(card: Card): Promise<void> {
  if (runs.has(card.id)) return;
  const stop = new AbortController();
  runs.set(card.id, stop);
  galleryRunning(card.id, 0);
  // Cards name no files: traces and profiles are not theirs to give.
  const pool = openRunPool({ trace: null, profiles: [] });
  const stopped = new Promise<null>((resolve) => stop.signal.addEventListener("abort", () => resolve(null)));
  try {
    const figure = runCard(card, (scenario, measure) => pool.run(scenario, measure), {
      signal: stop.signal,
      progress: (share) => {
        if (!stop.signal.aborted) galleryRunning(card.id, share);
      },
    });
    galleryEnded(card.id, await Promise.race([figure, stopped]));
  } catch (error) {
    galleryEnded(card.id, error instanceof Error ? error.message : String(error));
  } finally {
    runs.delete(card.id);
    pool.end();
  }
}

/** What was drawn stays. */
export const stopCard = (id: string): void => runs.get(id)?.abort();
