import { expect, test } from "./fixtures.ts";

test("a simulation worker that dies leaves a sentence and the last picture, and the next change runs", async ({
  page,
  workbench,
  guard,
}) => {
  guard.allow(/worker|crash/i);
  // Every worker can be made to throw from here: a crash that no scenario is known to cause.
  await page.addInitScript(() => {
    const workers: Worker[] = [];
    const Real = globalThis.Worker;
    globalThis.Worker = class extends Real {
      constructor(url: string | URL, options?: WorkerOptions) {
        super(url, options);
        workers.push(this);
      }
    };
    Object.assign(globalThis, { allWorkers: workers });
  });
  await workbench.open();
  await page.evaluate(() => {
    for (const worker of (globalThis as unknown as { allWorkers: Worker[] }).allWorkers)
      worker.dispatchEvent(new ErrorEvent("error", { message: "out of memory" }));
  });
  await expect(page.getByRole("alert").first()).toContainText(/worker|stopped|crash/i);
  await expect(workbench.story).toContainText(/requests meet every SLO/);
  await workbench.section("Scheduler");
  const cap = workbench.box("Batch cap");
  await cap.fill("24");
  await cap.press("Enter");
  await expect(workbench.pause).toBeVisible();
});

test("a screen whose script is missing says so, the way back is open, and a reload brings it", async ({ page, workbench, guard }) => {
  guard.allow(/validation-screen|Failed to load|dynamically imported module|recorded-run\.bin was preloaded/i);
  await page.route(/validation-screen-.*\.js/, (route) => route.abort());
  await workbench.open();
  await page.getByRole("link", { name: "Validation" }).click();
  const alert = page.getByRole("alert");
  await expect(alert).toContainText("This screen cannot be drawn.");
  await page.goBack();
  await expect(workbench.story).toContainText(/requests/);
  await page.goForward();
  await expect(alert).toBeVisible();
  await page.unroute(/validation-screen-.*\.js/);
  await alert.getByRole("button", { name: "Reload the page" }).click();
  await expect(page.getByText("Errors against measured runs").first()).toBeVisible();
});

test("a dialog whose script is missing says so, and the page goes on", async ({ page, workbench, guard }) => {
  guard.allow(/dialogs-|Failed to load|dynamically imported module/i);
  await page.route(/\/dialogs-.*\.js/, (route) => route.abort());
  await workbench.open();
  await page.getByRole("button", { name: "Share" }).click();
  await expect(page.getByRole("alert")).toContainText("Its script did not come. Reload the page, or go on without it.");
  await workbench.expectMoving();
  // No dialog is open that would keep the keys for itself.
  await page.keyboard.press("e");
  await expect(page.getByRole("link", { name: "Experiments" })).toHaveAttribute("aria-current", "page");
});
