// goodput gallery in this process: the list, one card as JSON, a word that is none.
import { expect, test } from "vitest";
import { cards } from "../gallery/index.ts";
import { recorded } from "../gallery/recorded.ts";
import { command, type Ended } from "./testing.ts";

const run = (...args: readonly string[]): Promise<Ended> => command("gallery", ...args);

test("lists the cards with what is recorded of them", async () => {
  const { status, out } = await run();
  expect(status).toBe(0);
  const lines = out.trimEnd().split("\n");
  expect(lines.map((line) => line.split(" ")[0])).toEqual(cards.map(({ id }) => id));
  expect(lines[0]).toMatch(/\d+ of \d+ values$/);
});

test("runs a card: its figure as recorded, as JSON and as a table", async () => {
  const json = JSON.parse((await run("vidur-burst", "--json")).out) as { readonly id: string };
  expect(json).toEqual({ id: "vidur-burst", ...recorded["vidur-burst"] });
  const { out } = await run("vidur-burst");
  expect(out).toContain("8 of 8 values, 600 requests.");
  expect(out).toMatch(/vllm 1, last answer +49\.08 s +4\d\.\d+ s +yes +within 8 %/);
});

test("an unknown card is one sentence, with a near name", async () => {
  const { status, err } = await run("vidur-birst");
  expect(status).toBe(2);
  expect(err).toMatch(/^vidur-birst: There is no such card\. Did you mean "?vidur-burst"?\?/);
});
