// Runs a card on whatever runs scenarios.
import type { Asked, MeasuredFigures, RunScenario } from "../analysis/types.ts";
import type { Card, CardFigure } from "./card.ts";

/** Share of the runs that are done. Rejects with one sentence when a scenario cannot run. */
export async function runCard(card: Card, run: RunScenario, { signal, progress }: Asked<number> = {}): Promise<CardFigure> {
  const runs = card.runs();
  const figures = new Map<string, MeasuredFigures>();
  let done = 0;
  await Promise.all(
    runs.map(async ({ key, scenario, measure }) => {
      signal?.throwIfAborted();
      const answer = await run(scenario, measure);
      signal?.throwIfAborted();
      if (!answer.ok) throw new Error(`${card.id}, ${key}: ${answer.error}`);
      figures.set(key, answer.figures);
      progress?.(++done / runs.length);
    }),
  );
  const of = (key: string): MeasuredFigures => {
    const found = figures.get(key);
    if (found === undefined) throw new Error(`${card.id} reads the run "${key}", which is none of its own.`);
    return found;
  };
  return { ...card.read(of), requests: runs.reduce((sum, { key }) => sum + of(key).requests.total, 0) };
}
