// Each screen in light, dark and at phone width: axe finds nothing, nothing is wider than the window, and a picture is kept for people.
import { expect, expectAccessible, picture, test } from "./fixtures.ts";

test("workbench", async ({ page, workbench }) => {
  await workbench.open();
  await page.waitForTimeout(500);
  await picture(page, "workbench");
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(wide).toBeLessThanOrEqual(0);
  await expectAccessible(page);
});

test("palette and help sheet", async ({ page, workbench }) => {
  await workbench.open();
  await page.keyboard.press("ControlOrMeta+k");
  await expect(page.getByRole("dialog")).toBeVisible();
  await picture(page, "palette");
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog")).toBeVisible();
  await picture(page, "help");
  await expectAccessible(page);
});

test("experiments, before and after a sweep", async ({ page }) => {
  await page.goto("./#experiments");
  await expect(page.getByText("Nothing has run yet.")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("textbox", { name: "Values" }).fill("8,11");
  await page.getByRole("button", { name: "Run the sweep" }).click();
  await expect(page.getByRole("button", { name: "Run again" })).toBeVisible({ timeout: 30_000 });
  await picture(page, "experiments");
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(wide).toBeLessThanOrEqual(0);
  await expectAccessible(page);
});

test("latency models, fitted to the sample", async ({ page }) => {
  test.setTimeout(150_000);
  await page.goto("./#models");
  await expect(page.getByRole("button", { name: "Fit again" })).toBeVisible({ timeout: 90_000 });
  await picture(page, "models");
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(wide).toBeLessThanOrEqual(0);
  await expectAccessible(page);
});
