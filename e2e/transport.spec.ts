import { expect, test } from "./fixtures.ts";

test("pause, step, speed and run again", async ({ page, workbench }) => {
  await workbench.open();
  await workbench.pause.click();
  await expect(workbench.run).toBeVisible();
  const paused = await workbench.seconds();
  await page.waitForTimeout(400);
  expect(await workbench.seconds()).toBe(paused);

  await workbench.step.click();
  await expect(workbench.run).toBeVisible();

  await workbench.setSpeed("10×");
  await workbench.run.click();
  await workbench.expectMoving();
});

test("scrubbing back shows the past and does not stop the run", async ({ page, workbench }) => {
  await workbench.open();
  await workbench.setSpeed("60×");
  await workbench.expectMoving();
  const strip = page.getByRole("slider", { name: "Moment of the run" });
  await strip.focus();
  await page.keyboard.press("Home");
  await expect(workbench.fleet).toContainText(/the cursor/);
  await workbench.expectMoving();
  await page.keyboard.press("Escape");
  await expect(workbench.fleet).toContainText(/live/);
});

test("at full speed the run ends, and its summary stays", async ({ workbench }) => {
  await workbench.open();
  await workbench.finish();
  await expect(workbench.summary.getByRole("row", { name: /TTFT P99/ })).toBeVisible();
});
