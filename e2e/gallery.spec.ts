// The gallery: every card opens, runs here and gives the numbers that it states.
import { expect, expectAccessible, picture, test } from "./fixtures.ts";
import { cards } from "../src/gallery/index.ts";

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

for (const card of cards)
  test(`${card.id} runs to its stated numbers and opens as a scenario`, async ({ page, workbench }) => {
    test.setTimeout(120_000);
    await page.goto("./#gallery");
    const entry = page.getByRole("article", { name: card.title });
    const state = entry.locator(".entry-state");
    const stated = (await state.textContent())!;
    const numbers = await entry.getByRole("img").getAttribute("aria-label");
    await entry.getByRole("button", { name: "Run", exact: true }).click();
    await expect(state).toHaveText(`${stated}, run here`, { timeout: 90_000 });
    expect(await entry.getByRole("img").getAttribute("aria-label")).toBe(numbers);
    await entry.getByRole("button", { name: "Open", exact: true }).click();
    await expect(workbench.story).toContainText(/requests/);
    await expect(page.getByRole("main")).toContainText("Fleet");
    await expect(page).toHaveURL(/#workbench$/);
  });
