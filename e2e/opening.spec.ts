import { expect, test } from "./fixtures.ts";

test("opens with a fleet that is serving, within a second", async ({ page, workbench }) => {
  await page.goto("./");
  await expect(workbench.story).toContainText(/requests meet every SLO/);
  // Measured in the page: from navigation to the frame in which the story stands there.
  const paint = await page.evaluate(
    () => performance.getEntriesByType("paint").find((entry) => entry.name === "first-contentful-paint")?.startTime ?? Infinity,
  );
  const told = await page.evaluate(() => performance.getEntriesByName("first-picture")[0]?.startTime ?? Infinity);
  test
    .info()
    .annotations.push({ type: "measured", description: `first paint ${Math.round(paint)} ms, first picture ${Math.round(told)} ms` });
  expect(paint).toBeLessThan(1000);
  expect(told).toBeLessThan(1000);
});

test("the live run replaces the recorded one without a click", async ({ workbench }) => {
  await workbench.open();
  await expect(workbench.pause).toBeVisible();
  const before = await workbench.seconds();
  await expect.poll(() => workbench.seconds()).toBeGreaterThan(before);
});

test("works without a network once loaded", async ({ page, context, workbench }) => {
  await workbench.open();
  await workbench.finish();
  await context.setOffline(true);
  const scheduler = await workbench.section("Scheduler");
  await scheduler.getByRole("spinbutton").first().fill("512");
  await page.keyboard.press("Enter");
  await expect(workbench.pause.or(workbench.run)).toBeVisible();
  await expect(workbench.story).toContainText(/requests meet every SLO/);
  await context.setOffline(false);
});
