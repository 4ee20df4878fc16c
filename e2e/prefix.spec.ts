import { expect, expectAccessible, picture, test } from "./fixtures.ts";

test("routing by prefix: hits against what the router expected, what the caches hold, and what another choice would have given", async ({
  page,
  workbench,
}) => {
  await workbench.open();
  await workbench.command("Routing by prefix");
  await workbench.finish();
  const panel = page.getByRole("region", { name: "Prefix caches", exact: true }).last();
  await expect(panel).toContainText(/\d+\.\d\s% of the prompt tokens were found in prefix caches; the router expected \d+\.\d\s%/);
  // The caches themselves are counted when the run is over.
  await expect(panel).toContainText(/A cached block stands on 1\.\d\d replicas/);
  const rows = panel.getByRole("region", { name: "Prefix caches by replica" }).getByRole("row");
  await expect(rows).toHaveCount(5);
  for (let i = 1; i <= 4; i++) await expect(rows.nth(i)).toContainText(/l\d.*%/);
  await expect(panel).toContainText("tree bytes");
  const shareOf = async (): Promise<number> => Number(/(\d+\.\d)\s% of the prompt/.exec((await panel.textContent()) ?? "")![1]);
  const prefix = await shareOf();

  await page.getByRole("button", { name: /^Open the slowest first token/ }).click();
  const why = page.getByRole("region", { name: "Why late" }).last();
  const candidates = why.getByRole("region", { name: "Candidates of the router" });
  await expect(candidates.getByRole("row")).toHaveCount(5);
  await expect(candidates).toContainText("expected");
  await why.getByRole("button", { name: "What would the others have given?" }).click();
  // A time to the first token for each of the four.
  await expect(candidates.locator("tbody tr", { hasText: /m?s$/ })).toHaveCount(4);
  await panel.scrollIntoViewIfNeeded();
  await expectAccessible(page);
  await picture(page, "prefix-caches");
  await why.scrollIntoViewIfNeeded();
  await picture(page, "prefix-choice");

  await workbench.section("Router");
  await page.getByRole("combobox", { name: "Policy" }).first().selectOption({ label: "Power of two (Ray Serve)" });
  await workbench.finish();
  await expect.poll(shareOf).toBeLessThan(0.6 * prefix);
  await expect(panel).not.toContainText("the router expected");
});
