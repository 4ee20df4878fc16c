// The gallery: every card opens, runs here and gives the numbers that it states.
import { expect, expectAccessible, picture, test } from "./fixtures.ts";
import { rememberLongTasks } from "../scripts/lib/long-tasks.mjs";
import { tasksDuring } from "./main-tasks.ts";
import { cards } from "../src/gallery/index.ts";
import { recorded } from "../src/gallery/recorded.ts";

test("published figures by question; topics and words choose among them", async ({ page, workbench }) => {
  await workbench.open();
  await page.getByRole("navigation", { name: "Screens" }).getByRole("link", { name: "Gallery" }).click();
  const entries = page.getByRole("article");
  await expect(entries).toHaveCount(cards.length);
  await expect(entries.first().getByRole("img")).toHaveAccessibleName(/published .*, ours /);
  await expectAccessible(page);
  await picture(page, "gallery");
  const rail = page.getByRole("complementary", { name: "Topics" });
  await rail.getByRole("button", { name: /^Routing/ }).click();
  await expect(entries).toHaveCount(cards.filter(({ topic }) => topic === "Routing").length);
  await rail.getByRole("button", { name: /^All/ }).click();
  await rail.getByRole("searchbox").fill("vidur schedulers nowhere");
  await expect(page.getByText("No figure fits.")).toBeVisible();
  await page.getByRole("button", { name: "Show all" }).click();
  await expect(entries).toHaveCount(cards.length);
});

test("all run one after another to their stated numbers, while the page stays smooth; what waits and what runs can be stopped", async ({
  page,
  browser,
}) => {
  test.setTimeout(300_000);
  await rememberLongTasks(page);
  await page.goto("./#gallery");
  const rail = page.getByRole("complementary", { name: "Topics" });
  const entries = page.getByRole("article");
  await expect(entries).toHaveCount(cards.length);
  const states = page.locator(".entry-state");
  const stated = await states.allTextContents();
  const figures = (): Promise<(string | null)[]> =>
    entries.getByRole("img").evaluateAll((all) => all.map((one) => one.getAttribute("aria-label")));
  const numbers = await figures();
  const runAll = rail.getByRole("button", { name: /^Run all/ });
  const last = entries.last();
  const lastRun = last.getByRole("button", { name: "Run", exact: true });
  // Tasks of opening are not of the runs.
  await page.waitForTimeout(1000);
  await rail.getByRole("button", { name: `Run all ${cards.length}` }).click();
  await last.getByRole("button", { name: "Stop, waits" }).click();
  await expect(lastRun).toBeVisible();
  // Looking for something on the page is work for its main thread, too: it waits.
  const { count, long } = await tasksDuring(page, browser, () => page.waitForTimeout(15_000));
  expect(count).toBeGreaterThan(100);
  expect(long).toEqual([]);
  await expect(page.locator(".entry-state", { hasText: "run here" })).toHaveCount(cards.length - 1, { timeout: 200_000 });
  await runAll.click();
  await rail.getByRole("button", { name: /^Stop all, \d+ left$/ }).click();
  await expect(runAll).toBeVisible();

  await lastRun.click();
  await expect(states).toHaveText(
    stated.map((text) => `${text}, run here`),
    { timeout: 60_000 },
  );
  await expect(page.getByRole("alert")).toHaveCount(0);
  expect(await figures()).toEqual(numbers);
});

test("a figure's numbers stand in a table, with what is asked of each and what is missed", async ({ page }) => {
  await page.goto("./#gallery");
  const entry = page.getByRole("article", { name: "A limit per minute wastes the server" });
  const { values } = recorded["vtc-limit"]!;
  await expect(entry.locator(".entry-state")).toContainText(`7 of ${values.length} values`);
  await entry.getByRole("button", { name: "Source" }).click();
  await expect(entry).toContainText("bursts within a minute");
  await entry.getByRole("button", { name: /Table|table/ }).click();
  const table = page.getByRole("table");
  await expect(table.getByRole("row")).toHaveCount(1 + values.length);
  await expect(table.getByRole("row", { name: /limit 30, refused/ })).toContainText("no");
  await expect(table.getByRole("row", { name: /limit 10, refused/ })).toContainText("yes");
  await expectAccessible(page);
});

test("every card opens as a scenario", async ({ page, workbench }) => {
  test.setTimeout(180_000);
  await page.goto("./#gallery");
  const setups = new Set<string>();
  for (const card of cards) {
    await page.getByRole("article", { name: card.title }).getByRole("button", { name: "Open", exact: true }).click();
    await expect(page).toHaveURL(/#workbench$/);
    await expect(page.getByRole("main")).toContainText("Fleet");
    await expect(workbench.story).toContainText(/requests/);
    setups.add(await page.getByRole("complementary", { name: "Setup" }).innerText());
    await page.getByRole("navigation", { name: "Screens" }).getByRole("link", { name: "Gallery" }).click();
  }
  // What opened were different scenarios: those that differ in a part of the form that is folded look alike.
  expect(setups.size).toBeGreaterThan(cards.length / 2);
});
