import { expect, test } from "./fixtures.ts";

test("the main story with the keyboard alone", async ({ page, workbench }) => {
  await workbench.open();
  // The live run has replaced the recorded one.
  await workbench.expectMoving();
  await page.keyboard.press("Space");
  await expect(workbench.run).toBeVisible();
  await page.keyboard.press("Space");
  await expect(workbench.pause).toBeVisible();

  // Through the rail to the batch cap, change it, and undo.
  await workbench.section("Scheduler");
  const cap = workbench.box("Batch cap");
  const original = await cap.inputValue();
  for (let i = 0; i < 200 && !(await cap.evaluate((box) => box === document.activeElement)); i++) await page.keyboard.press("Tab");
  await expect(cap).toBeFocused();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("32");
  await page.keyboard.press("Enter");
  await expect(cap).toHaveValue("32");
  await page.keyboard.press("Escape");
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await page.keyboard.press("ControlOrMeta+z");
  await expect(cap).toHaveValue(original);
});

test("the palette finds a command and runs it; the sheet lists the keys", async ({ page, workbench }) => {
  await workbench.open();
  await workbench.command("dark");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await page.keyboard.press("?");
  const sheet = page.getByRole("dialog", { name: /keys|keyboard|help/i });
  await expect(sheet).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(sheet).toBeHidden();
});

test("the cursor moves over the tracks with the arrow keys", async ({ page, workbench }) => {
  await workbench.open();
  await workbench.finish();
  await workbench.time.getByRole("slider").or(workbench.time.locator("[tabindex='0']")).first().focus();
  await page.keyboard.press("ArrowLeft");
  await expect(workbench.fleet).toContainText(/the cursor/);
  await page.keyboard.press("l");
  await expect(workbench.fleet).not.toContainText(/the cursor/);
});
