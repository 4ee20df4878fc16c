// The gallery shows what its cards give: each is run again, and compared with the record to the last bit.
import { describe, expect, test } from "vitest";
import { createSweepRunner } from "../analysis/sweep-host.ts";
import { encodeLink } from "../scenario/link.ts";
import { isWithin, type CardValue } from "./card.ts";
import { cards } from "./index.ts";
import { recorded } from "./recorded.ts";
import { runCard } from "./run-card.ts";

const value = (ours: number, within: CardValue["within"]): CardValue => ({ name: "", unit: "", published: -10, ours, within });

describe("tolerances", () => {
  test("relative ones are of the published number, whatever its sign; absolute ones in its unit", () => {
    expect(isWithin(value(-10.5, { relative: 0.05 }))).toBe(true);
    expect(isWithin(value(-10.6, { relative: 0.05 }))).toBe(false);
    expect(isWithin(value(-8, { absolute: 2 }))).toBe(true);
    expect(isWithin(value(-7.9, { absolute: 2 }))).toBe(false);
  });
  test("one side only", () => {
    const positive = (ours: number, within: CardValue["within"]): CardValue => ({ ...value(ours, within), published: 10 });
    expect(isWithin(positive(1, { atMost: 0.1 }))).toBe(true);
    expect(isWithin(positive(11.1, { atMost: 0.1 }))).toBe(false);
    expect(isWithin(positive(100, { atLeast: 0.1 }))).toBe(true);
    expect(isWithin(positive(8.9, { atLeast: 0.1 }))).toBe(false);
  });
});

test("the record has the cards that there are, and no others", () => {
  expect(Object.keys(recorded)).toEqual(cards.map(({ id }) => id));
});

describe.each(cards)("$id", (card) => {
  test("gives what is recorded", { timeout: 120_000 }, async () => {
    const runner = createSweepRunner();
    const figure = await runCard(card, (scenario, measure) => runner.run(scenario, measure));
    expect(JSON.parse(JSON.stringify(figure))).toEqual(recorded[card.id]);
  });

  test("has numbers, each with a source's value, and a link of less than 2,000 characters", async () => {
    expect(recorded[card.id]!.values.length).toBeGreaterThan(0);
    expect((await encodeLink(card.scenario())).length).toBeLessThan(2000);
  });
});
