// What is looked at in the gallery, and runs of its cards that were made here. Loaded with that screen.
import { create } from "zustand";
import type { CardFigure, Topic } from "../../gallery/card.ts";

export interface GalleryState {
  readonly topic: Topic | null;
  /** Only cards that are reproduced in full, or only in part; null: both. */
  readonly whole: boolean | null;
  readonly text: string;
  /** Share of a card's runs that is done, while it runs; null while it waits for others. */
  readonly running: Readonly<Record<string, number | null>>;
  /** Figures of runs made on this page. */
  readonly figures: Readonly<Record<string, CardFigure>>;
  readonly errors: Readonly<Record<string, string>>;
}

export const useGalleryStore = create<GalleryState>()(() => ({ topic: null, whole: null, text: "", running: {}, figures: {}, errors: {} }));

const without = <T>(all: Readonly<Record<string, T>>, id: string): Record<string, T> =>
  Object.fromEntries(Object.entries(all).filter(([key]) => key !== id));

const runs = (id: string, share: number | null): void =>
  useGalleryStore.setState(({ running, errors }) => ({ running: { ...running, [id]: share }, errors: without(errors, id) }));

export const galleryRunning = (id: string, share: number): void => runs(id, share);
export const galleryWaiting = (id: string): void => runs(id, null);

/** `figure`: what came; a sentence: why nothing did; null: stopped. The figure before stays in both cases. */
export const galleryEnded = (id: string, outcome: CardFigure | string | null): void =>
  useGalleryStore.setState(({ running, figures, errors }) => ({
    running: without(running, id),
    figures: outcome === null || typeof outcome === "string" ? figures : { ...figures, [id]: outcome },
    errors: typeof outcome === "string" ? { ...errors, [id]: outcome } : errors,
  }));
