// Runs a card on whatever runs scenarios.
import type { Asked, MeasuredFigures, RunScenario } from "../analysis/types.ts";
import type { Card, CardFigure, CardRun } from "./card.ts";

export interface CardOptions extends Asked<number> {
  /** Awaited before each scenario that is made and before the figure is read, where that must not keep a thread from answering. */
  readonly pause?: () => Promise<void>;
}

/** Progress is the share of the runs that are done. Rejects with one sentence when a scenario cannot run. */
export async function runCard(card: Card, run: RunScenario, { signal, progress, pause }: CardOptions = {}): Promise<CardFigure> {
  const figures = new Map<string, MeasuredFigures>();
  const begun: Promise<void>[] = [];
  const keys: string[] = [];
  let all = false;
  const one = async ({ key, scenario, measure }: CardRun): Promise<void> => {
    const answer = await run(scenario, measure);
    signal?.throwIfAborted();
    if (!answer.ok) throw new Error(`${card.id}, ${key}: ${answer.error}`);
    figures.set(key, answer.figures);
    if (all) progress?.(figures.size / keys.length);
  };
  await pause?.();
  for (const planned of card.runs()) {
    signal?.throwIfAborted();
    keys.push(planned.key);
    const promise = one(planned);
    // Whoever fails while the others are still being made is heard below.
    promise.catch(() => undefined);
    begun.push(promise);
    await pause?.();
  }
  all = true;
  await Promise.all(begun);
  await pause?.();
  signal?.throwIfAborted();
  const of = (key: string): MeasuredFigures => {
    const found = figures.get(key);
    if (found === undefined) throw new Error(`${card.id} reads the run "${key}", which is none of its own.`);
    return found;
  };
  return { ...card.read(of), requests: keys.reduce((sum, key) => sum + of(key).requests.total, 0) };
}
