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
