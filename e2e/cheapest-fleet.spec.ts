// From an empty page to the cheapest fleet for one's own trace and SLO, by what the page itself says. Pictures of every step are kept.
import { expect, expectAccessible, picture, test } from "./fixtures.ts";
import { azureTrace } from "./traces.ts";

test("the cheapest fleet for my trace and my SLO", async ({ page, workbench }) => {
  test.setTimeout(240_000);
  await workbench.open();
  await page.getByRole("navigation", { name: "Screens" }).getByRole("link", { name: "Experiments" }).click();
  await page.getByRole("navigation", { name: "Questions" }).getByRole("button", { name: "Cheapest fleet" }).click();
  const rail = page.getByRole("complementary", { name: "Cheapest fleet" });
  await expect(rail.getByRole("button", { name: "Find the cheapest fleet" })).toBeInViewport();
  await expectAccessible(page);
  await picture(page, "cheapest-1-question");

  await workbench.drop("my-traffic.csv", azureTrace(240, 14));
  await expect(page.getByRole("status").filter({ hasText: "240 accepted" })).toBeVisible();
  await rail.getByLabel("Model", { exact: true }).selectOption("llama-3.1-8b");
  await rail.getByRole("textbox", { name: "TTFT within", exact: true }).fill("1");
  const gpus = rail.getByRole("group", { name: "GPUs to consider" });
  for (const name of ["L4", "L40S", "H100 SXM5"]) {
    const chip = gpus.getByRole("button", { name, exact: true });
    if ((await chip.getAttribute("aria-pressed")) !== "true") await chip.click();
  }
  const sizes = rail.getByRole("region", { name: "Fleet sizes" });
  await sizes.getByRole("textbox", { name: "To", exact: true }).fill("6");
  await sizes.getByRole("button", { name: "1", exact: true }).click();
  await picture(page, "cheapest-2-trace");

  await rail.getByRole("button", { name: "Find the cheapest fleet" }).click();
  await expect(rail.getByRole("button", { name: "Ask again" })).toBeVisible({ timeout: 180_000 });
  const answer = page.getByRole("region", { name: "Answer, cheapest fleet" });
  await expect(answer).toContainText(/\d.replicas?, .*\$\d+\.\d\d\/h: the cheapest of \d+.fleets\./);
  await expect(answer).toContainText("that it is at least 90");
  await picture(page, "cheapest-3-answer");
  await expectAccessible(page);

  // What it stands on: every fleet, the dearer ones not run.
  const table = page.getByRole("region", { name: "Fleets, table" });
  await expect(table.getByRole("row").nth(1)).toContainText("the cheapest that meets them");
  await expect(table).toContainText("misses them");

  // And there it is, as a scenario: with the trace, the SLO and that fleet.
  const said = (await answer.textContent()) ?? "";
  const replicas = /(\d+).replicas?,/.exec(said)?.[1] ?? "";
  await answer.getByRole("button", { name: "Open it in the workbench" }).click();
  await workbench.section("Fleet");
  await expect(workbench.box("Replicas")).toHaveValue(replicas);
  await picture(page, "cheapest-4-workbench");
});

test("without a limit there is nothing to meet, and the page says what to do", async ({ page, workbench }) => {
  await workbench.open();
  await workbench.command("Open preset: One GPU, equal jobs");
  await page.keyboard.press("e");
  await page.getByRole("navigation", { name: "Questions" }).getByRole("button", { name: "Cheapest fleet" }).click();
  const rail = page.getByRole("complementary", { name: "Cheapest fleet" });
  for (const name of ["TTFT within", "TPOT within", "E2E within"]) await rail.getByRole("textbox", { name, exact: true }).fill("");
  await expect(rail.getByRole("alert")).toContainText("No SLO class has a limit");
  await expect(rail.getByRole("button", { name: "Find the cheapest fleet" })).toBeDisabled();
});
