// goodput gallery [card]
import { writeFileSync } from "node:fs";
import type { RunScenario } from "../analysis/types.ts";
import { createSweepRunner } from "../analysis/sweep-host.ts";
import { cards } from "../gallery/index.ts";
import { isWithin, reproduced, type Card, type CardFigure, type CardValue } from "../gallery/card.ts";
import { recordText, recorded, type Recorded } from "../gallery/recorded.ts";
import { runCard } from "../gallery/run-card.ts";
import { hint } from "../scenario/suggest.ts";
import { figure, whole } from "./format.ts";
import { InputError } from "./input-error.ts";
import { columns, print, printJson } from "./print.ts";
import { progressLine } from "./progress.ts";

export interface GalleryFlags {
  readonly json?: boolean;
  readonly record?: string;
}

const found = (id: string): Card => {
  const card = cards.find((entry) => entry.id === id);
  if (card !== undefined) return card;
  const ids = cards.map((entry) => entry.id);
  throw new InputError(`${id}: There is no such card.${hint(id, ids)} Give one of ${ids.join(", ")}.`);
};

function tolerance({ within }: CardValue): string {
  const share = (value: number): string => `${figure(100 * value)} %`;
  if ("relative" in within) return `within ${share(within.relative)}`;
  if ("absolute" in within) return `within ${figure(within.absolute)}`;
  return "atMost" in within ? `at most ${share(within.atMost)} above` : `at most ${share(within.atLeast)} below`;
}

const state = (shown: CardFigure): string => `${reproduced(shown)} of ${shown.values.length} values`;

function table(card: Card, shown: CardFigure): string {
  const rows = shown.values.map((value) => {
    const unit = value.unit === "" ? "" : ` ${value.unit}`;
    return [
      value.name,
      `${figure(value.published, 4)}${unit}`,
      `${figure(value.ours, 4)}${unit}`,
      isWithin(value) ? "yes" : "NO",
      tolerance(value),
    ];
  });
  return [
    `${card.title} (${card.from})`,
    `Source: ${card.source}.`,
    "",
    columns([["", "published", "ours", "met", "asked"], ...rows], [1, 2]),
    "",
    `${state(shown)}, ${whole(shown.requests)} requests. ${card.lesson}`,
    card.differences,
  ].join("\n");
}

async function runOf(card: Card): Promise<CardFigure> {
  const line = progressLine();
  // One runner per card: its runs share traffic.
  const runner = createSweepRunner();
  const run: RunScenario = (scenario, measure) => runner.run(scenario, measure);
  try {
    return await runCard(card, run, { progress: (share) => line.text(`${card.id}: ${whole(100 * share)} %`) });
  } catch (error) {
    throw error instanceof Error ? new InputError(error.message) : error;
  } finally {
    line.clear();
  }
}

/** Without a card: the list, with what is recorded of each. With one: runs it. `--record` runs all and writes the file that the page shows. */
export async function gallery(id: string | undefined, { json, record }: GalleryFlags): Promise<void> {
  if (record !== undefined) {
    const all: Record<string, CardFigure> = {};
    for (const card of cards) all[card.id] = await runOf(card);
    writeFileSync(record, recordText(all));
    return;
  }
  if (id === undefined) {
    if (json)
      printJson(
        cards.map(({ id: card, title, topic, from, lesson }) => ({ id: card, title, topic, from, lesson, figure: recorded[card] })),
      );
    else print(columns(cards.map((card) => [card.id, card.title, card.from, state((recorded as Recorded)[card.id]!)])));
    return;
  }
  const card = found(id);
  const shown = await runOf(card);
  if (json) printJson({ id, ...shown });
  else print(table(card, shown));
}
