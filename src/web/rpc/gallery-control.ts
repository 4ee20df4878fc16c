// Runs cards of the gallery in a pool of sweep workers: one card after another, each with all workers.
import type { Card } from "../../gallery/card.ts";
import { runCard } from "../../gallery/run-card.ts";
import { galleryEnded, galleryRunning, galleryWaiting } from "../state/gallery-store.ts";
import { openRunPool } from "./run-pool.ts";

const waiting: Card[] = [];
let current: { readonly id: string; readonly stop: AbortController } | null = null;

async function run(card: Card, { signal }: AbortController): Promise<void> {
  galleryRunning(card.id, 0);
  // Cards name no files: traces and profiles are not theirs to give.
  const pool = openRunPool({ trace: null, profiles: [] });
  const stopped = new Promise<null>((resolve) => signal.addEventListener("abort", () => resolve(null)));
  try {
    const figure = runCard(card, (scenario, measure) => pool.run(scenario, measure), {
      signal,
      pause: () => new Promise((resolve) => setTimeout(resolve)),
      progress: (share) => {
        if (!signal.aborted) galleryRunning(card.id, share);
      },
    });
    galleryEnded(card.id, await Promise.race([figure, stopped]));
  } catch (error) {
    galleryEnded(card.id, error instanceof Error ? error.message : String(error));
  } finally {
    pool.end();
  }
}

/** Those that run or wait already stay where they are. */
export async function startCards(cards: readonly Card[]): Promise<void> {
  for (const card of cards) {
    if (current?.id === card.id || waiting.includes(card)) continue;
    waiting.push(card);
    galleryWaiting(card.id);
  }
  if (current !== null) return;
  for (let card = waiting.shift(); card !== undefined; card = waiting.shift()) {
    const stop = new AbortController();
    current = { id: card.id, stop };
    await run(card, stop);
  }
  current = null;
}

/** What was drawn stays. */
export function stopCard(id: string): void {
  if (current?.id === id) return current.stop.abort();
  const place = waiting.findIndex((card) => card.id === id);
  if (place < 0) return;
  waiting.splice(place, 1);
  galleryEnded(id, null);
}

export function stopCards(): void {
  for (const { id } of waiting.splice(0)) galleryEnded(id, null);
  current?.stop.abort();
}
