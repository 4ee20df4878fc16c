// Cards by question, as chosen; numbers of a card as a table and as a sentence.
import { isWithin, QUESTIONS, reproduced, type Card, type CardFigure, type CardValue, type Topic } from "../../../gallery/card.ts";
import type { TableData } from "../../ui/chart/table-data.ts";
import { integer, significant, withUnit } from "../../ui/format.ts";

export interface ShownCard {
  readonly card: Card;
  readonly figure: CardFigure;
}

export interface Choice {
  readonly topic: Topic | null;
  readonly whole: boolean | null;
  readonly text: string;
}

export interface Group {
  readonly question: string;
  readonly about: string;
  readonly cards: readonly ShownCard[];
}

export const isWhole = ({ figure }: ShownCard): boolean => reproduced(figure) === figure.values.length;

const says = ({ card }: ShownCard, text: string): boolean =>
  text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => [card.title, card.from, card.lesson, card.topic, card.source].join(" ").toLowerCase().includes(word));

export function selectGroups(shown: readonly ShownCard[], { topic, whole, text }: Choice): readonly Group[] {
  const chosen = shown.filter(
    (entry) => (topic === null || entry.card.topic === topic) && (whole === null || isWhole(entry) === whole) && says(entry, text),
  );
  return QUESTIONS.map(({ id, question, about }) => ({ question, about, cards: chosen.filter(({ card }) => card.question === id) })).filter(
    ({ cards }) => cards.length > 0,
  );
}

/** Topics that have cards, with how many; in the order of the cards. */
export function topicCounts(shown: readonly ShownCard[]): readonly (readonly [Topic, number])[] {
  const counts = new Map<Topic, number>();
  for (const { card } of shown) counts.set(card.topic, (counts.get(card.topic) ?? 0) + 1);
  return [...counts];
}

/** "5 of 5 values, 20,000 requests". */
export const stateText = ({ figure }: ShownCard): string =>
  `${reproduced(figure)} of ${figure.values.length} values, ${integer(figure.requests)} requests`;

const number = (value: number, unit: string): string => (unit === "" ? significant(value) : withUnit(significant(value), unit));

function askedText({ within, unit }: CardValue): string {
  const share = (of: number): string => withUnit(significant(100 * of, 2).replace(/\.0$/, ""), "%");
  if ("relative" in within) return `within ${share(within.relative)}`;
  if ("absolute" in within) return `within ${number(within.absolute, unit === "%" ? "points" : unit)}`;
  return "atMost" in within ? `at most ${share(within.atMost)} above` : `at most ${share(within.atLeast)} below`;
}

export function valuesTable({ card, figure }: ShownCard): TableData {
  const { values } = figure;
  const at = (row: number): CardValue => values[row]!;
  return {
    title: `${card.title}: published and ours`,
    length: values.length,
    columns: [
      { label: "value", raw: (row) => at(row).name, show: (row) => at(row).name },
      { label: "unit", raw: (row) => at(row).unit, show: (row) => at(row).unit },
      { label: "published", raw: (row) => at(row).published, show: (row) => number(at(row).published, "") },
      { label: "ours", raw: (row) => at(row).ours, show: (row) => number(at(row).ours, "") },
      { label: "met", raw: (row) => (isWithin(at(row)) ? "yes" : "no"), show: (row) => (isWithin(at(row)) ? "yes" : "no") },
      { label: "asked", raw: (row) => askedText(at(row)), show: (row) => askedText(at(row)) },
    ],
  };
}

/** The figure in words, for those who do not see it. */
export const figureText = ({ card, figure }: ShownCard): string =>
  `${card.title}. ${figure.values.map(({ name, unit, published, ours }) => `${name}: published ${number(published, unit)}, ours ${number(ours, unit)}`).join("; ")}.`;
