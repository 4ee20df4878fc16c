// A million requests stream through the page: the main thread stays free, and cancelling answers at once.
import { expect, test } from "./fixtures.ts";
import type { Workbench } from "./workbench.ts";

async function stream(workbench: Workbench): Promise<void> {
  await workbench.open();
  await workbench.section("Traffic");
  await workbench.page.getByText("Lengths, limits, seed").click();
  await workbench.setBox("Ends after", "1000000");
  await workbench.setBox("Requests", "1000000");
  await workbench.setSpeed("Max");
  // Tasks of opening and of these changes are not of the stream.
  await workbench.page.waitForTimeout(1000);
}

test("no main-thread task over 50 ms while a million requests stream", async ({ page, workbench }) => {
  test.setTimeout(120_000);
  await page.addInitScript(() => {
    const tasks: { start: number; ms: number }[] = [];
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) tasks.push({ start: entry.startTime, ms: entry.duration });
    }).observe({ type: "longtask", buffered: true });
    Object.assign(globalThis, { longTasks: tasks });
  });
  await stream(workbench);
  const from = await page.evaluate(() => performance.now());
  await page.waitForTimeout(10_000);
  const tasks = await page.evaluate(
    (since) =>
      (globalThis as unknown as { longTasks: { start: number; ms: number }[] }).longTasks
        .filter((task) => task.start > since)
        .map((task) => task.ms),
    from,
  );
  // The browser reports tasks of 50 ms and more.
  test.info().annotations.push({ type: "measured", description: `long tasks, ms: ${tasks.join(", ") || "none"}` });
  expect(tasks.filter((ms) => ms > 50)).toEqual([]);
});

test("stopping a million requests answers within 100 ms and keeps what there is", async ({ page, workbench }) => {
  test.setTimeout(120_000);
  await stream(workbench);
  await expect(workbench.pause).toBeVisible();
  await page.keyboard.press("ControlOrMeta+k");
  await page.getByRole("combobox", { name: "Find a command" }).fill("Stop the run");
  await expect(page.getByRole("option", { name: /^Stop the run/ })).toHaveAttribute("aria-selected", "true");
  const ms = await page.evaluate(async () => {
    const begun = performance.now();
    document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
    while (![...document.querySelectorAll("button")].some((button) => button.textContent === "Run again")) {
      if (performance.now() - begun > 5000) break;
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    return performance.now() - begun;
  });
  test.info().annotations.push({ type: "measured", description: `stopped after ${ms.toFixed(1)} ms` });
  expect(ms).toBeLessThan(100);
  await expect(workbench.summary.getByRole("row", { name: /TTFT P99/ })).toBeVisible();
});
