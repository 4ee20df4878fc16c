import { expect, expectAccessible, picture, test } from "./fixtures.ts";

test("fairness between tenants: the gap under its bound with a fair order, beyond it with first come, first served", async ({
  page,
  workbench,
}) => {
  await workbench.open();
  await workbench.command("Fairness: both overload");
  await workbench.finish();
  const panel = page.getByRole("region", { name: "Fairness between tenants", exact: true }).last();
  await panel.scrollIntoViewIfNeeded();
  await expect(panel).toContainText(/drifted apart by at most [\d,]+, within the bound 2U = 40,000; Jain's index is (0\.99|1\.00)/);
  const rows = panel.getByRole("region", { name: "Tenants beside each other" }).locator("table").first().getByRole("row");
  await expect(rows).toHaveCount(3);
  await expect(rows.nth(1)).toContainText(/client 0\s*900/);
  await expect(rows.nth(2)).toContainText(/client 1\s*1,800/);
  await expect(panel).toContainText("As artifact");
  await panel.scrollIntoViewIfNeeded();
  await expectAccessible(page);
  await picture(page, "fairness-vtc");

  await workbench.section("Scheduler");
  await page.getByRole("combobox", { name: "Queue order" }).selectOption({ label: "First come, first served" });
  await workbench.finish();
  await panel.scrollIntoViewIfNeeded();
  await expect(panel).toContainText(/drifted apart by at most [\d,]+, beyond the bound 2U/);
  await panel.scrollIntoViewIfNeeded();
  await picture(page, "fairness-fcfs");
});
