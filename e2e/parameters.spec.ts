import { expect, test } from "./fixtures.ts";

test("changing a parameter restarts with the same traffic and leaves a ghost", async ({ page, workbench }) => {
  await workbench.open();
  await workbench.finish();
  const scheduler = await workbench.section("Scheduler");
  const cap = scheduler.getByRole("spinbutton", { name: "Batch cap" });
  await cap.fill("24");
  await cap.press("Enter");
  await expect(workbench.time).toContainText(/before|pinned/);
  await expect(workbench.summary.getByRole("columnheader", { name: /Before|Pinned/ })).toBeVisible();
  await page.getByRole("button", { name: /^Pin/ }).click();
  await expect(workbench.time).toContainText(/pinned/);
});

test("undo and redo", async ({ page, workbench }) => {
  await workbench.open();
  const scheduler = await workbench.section("Scheduler");
  const cap = scheduler.getByRole("spinbutton", { name: "Batch cap" });
  const original = await cap.inputValue();
  await cap.fill("24");
  await cap.press("Enter");
  await workbench.undo.click();
  await expect(cap).toHaveValue(original);
  await workbench.redo.click();
  await expect(cap).toHaveValue("24");
  await workbench.story.click();
  await page.keyboard.press("ControlOrMeta+z");
  await expect(cap).toHaveValue(original);
});

test("a value out of range says the limit and the run goes on with the last good one", async ({ workbench }) => {
  await workbench.open();
  const scheduler = await workbench.section("Scheduler");
  const cap = scheduler.getByRole("spinbutton", { name: "Batch cap" });
  await cap.fill("0");
  await cap.press("Enter");
  await expect(scheduler.getByRole("status")).toContainText(/1/);
  await expect(workbench.story).toContainText(/requests meet every SLO/);
});

test("a share link opens the same scenario", async ({ page, context, workbench }) => {
  await workbench.open();
  const scheduler = await workbench.section("Scheduler");
  const cap = scheduler.getByRole("spinbutton", { name: "Batch cap" });
  await cap.fill("24");
  await cap.press("Enter");
  await expect.poll(() => page.url()).toContain("#s=1.");
  const url = page.url();
  expect(url.slice(url.indexOf("#")).length).toBeLessThan(2000);
  const other = await context.newPage();
  await other.goto(url);
  await expect(other.getByRole("spinbutton", { name: "Batch cap" })).toHaveValue("24");
  await other.close();
});

test("links that are newer or broken say so, and the page works on", async ({ page, workbench }) => {
  await page.goto("./#s=99.AAAA");
  await expect(page.getByText(/newer/i).first()).toBeVisible();
  await expect(workbench.story).toContainText(/requests meet every SLO/);
  await page.goto("about:blank");
  await page.goto("./#s=1.!!!!");
  await expect(page.getByText(/link/i).first()).toBeVisible();
  await expect(workbench.story).toContainText(/requests meet every SLO/);
});
