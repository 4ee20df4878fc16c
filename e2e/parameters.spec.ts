import { expect, test } from "./fixtures.ts";

test("changing a parameter restarts with the same traffic and leaves a ghost", async ({ page, workbench }) => {
  await workbench.open();
  await workbench.finish();
  await workbench.section("Scheduler");
  const cap = workbench.box("Batch cap");
  await cap.fill("24");
  await cap.press("Enter");
  await expect(workbench.time).toContainText(/before|pinned/);
  await expect(workbench.summary.getByRole("columnheader", { name: /Before|Pinned/ })).toBeVisible();
  await page.getByRole("button", { name: /^Pin/ }).click();
  await expect(workbench.time).toContainText(/pinned/);
});

test("a run that goes on is compared with the one before at the same time", async ({ page, workbench }) => {
  await workbench.open();
  await expect(workbench.pause).toBeVisible();
  // At once: at 23:00 a replica is reclaimed, and how long it drains depends on the batch.
  await page.keyboard.press("Space");
  await expect(workbench.run).toBeVisible();
  expect(await workbench.seconds()).toBeLessThan(23 * 60);
  await workbench.section("Scheduler");
  await workbench.setBox("Batch cap", "24");
  await expect(workbench.time).toContainText(/before/);
  // The fleet and its faults are the same, so the bill to this moment is, too; to the end of the run it would be another.
  const cost = workbench.summary.getByRole("row", { name: /^Cost, \$\/h/ });
  await expect(cost).toContainText(/0(\.0)?\s%/);
  const [now, before] = await cost.getByRole("cell").allTextContents();
  expect(Math.abs(Number(now) - Number(before))).toBeLessThan(0.1);
});

test("every scheduler of the list serves", async ({ page, workbench }) => {
  await workbench.open();
  await workbench.section("Scheduler");
  const list = page.getByRole("combobox", { name: "Policy" }).filter({ hasText: "Chunked prefill" });
  const options = list.locator("option");
  // The whole list follows after the first paint.
  await expect.poll(() => options.count()).toBeGreaterThanOrEqual(5);
  const ids = await options.evaluateAll((all) => all.map((option) => (option as HTMLOptionElement).value));
  for (const id of ids) {
    await list.selectOption(id);
    await workbench.finish();
    await expect(workbench.story).toContainText(/requests meet every SLO/);
  }
});

test("undo and redo", async ({ page, workbench }) => {
  await workbench.open();
  await workbench.section("Scheduler");
  const cap = workbench.box("Batch cap");
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
  await workbench.section("Scheduler");
  const cap = workbench.box("Batch cap");
  const good = await cap.inputValue();
  await cap.fill("0");
  await expect(workbench.page.getByText(`The run keeps ${good}`)).toBeVisible();
  await cap.press("Escape");
  await expect(cap).toHaveValue(good);
  await expect(workbench.story).toContainText(/requests meet every SLO/);
});

test("KV blocks planned as Vidur does, and back", async ({ page, workbench }) => {
  await workbench.open();
  await workbench.section("Fleet");
  const setup = page.getByRole("complementary", { name: "Setup" });
  const computed = setup.getByRole("row", { name: /^Blocks, computed/ });
  const before = await computed.textContent();
  await setup.getByText("Memory, blocks, KV plan, role").click();
  const plan = setup.getByRole("combobox", { name: "KV plan" });
  await plan.selectOption("As Vidur does");
  await expect(computed).not.toHaveText(before ?? "");
  await workbench.setBox("Longest request", "2000");
  await expect(workbench.time).toContainText(/before/);
  await plan.selectOption("As engines do");
  await expect(computed).toHaveText(before ?? "");
});

test("a share link opens the same scenario", async ({ context, workbench }) => {
  await workbench.open();
  await workbench.section("Scheduler");
  const cap = workbench.box("Batch cap");
  await cap.fill("24");
  await cap.press("Enter");
  const url = await workbench.link();
  expect(url.slice(url.indexOf("#")).length).toBeLessThan(2000);
  const other = await context.newPage();
  await other.goto(url);
  await expect(other.getByRole("textbox", { name: "Batch cap", exact: true })).toHaveValue("24");
  await other.close();
});

test("links that are newer or broken say so, and the page works on", async ({ page, workbench }) => {
  for (const hash of ["s=99.AAAA", "s=1.!!!!", "s=1.AAAA"]) {
    await page.goto("about:blank");
    await workbench.open(hash);
    await expect(page.getByRole("alert").filter({ hasText: "The link was not opened" })).toBeVisible();
    await expect(workbench.pause.or(workbench.run).first()).toBeVisible();
  }
});
