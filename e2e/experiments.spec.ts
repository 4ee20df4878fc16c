// Experiments: a sweep over service levels and seeds, its front, and a setting taken back to the workbench.
import { cli } from "./cli.ts";
import { expect, expectAccessible, picture, test } from "./fixtures.ts";
import type { Page } from "@playwright/test";

const rail = (page: Page) => page.getByRole("complementary", { name: "Sweep" });

async function runToEnd(page: Page): Promise<void> {
  await rail(page).getByRole("button", { name: /^Run/ }).click();
  await expect(rail(page).getByRole("button", { name: "Run again" })).toBeVisible({ timeout: 150_000 });
}

test("three service levels with ten seeds: a front above the published one, the same to the last digit on the command line", async ({
  page,
  workbench,
}) => {
  test.setTimeout(240_000);
  await workbench.open();
  await workbench.command("Open preset: Autoscaling lab: service levels");
  await page.getByRole("navigation", { name: "Screens" }).getByRole("link", { name: "Experiments" }).click();
  await expect(rail(page).getByRole("textbox", { name: "Values" })).toHaveValue("1,2,3");
  await expect(rail(page)).toContainText("3 settings × 10 seeds");
  await runToEnd(page);
  const side = page.getByRole("complementary", { name: "Hypervolume" });
  const value = async (row: string): Promise<number> =>
    Number(
      await side
        .getByRole("row", { name: new RegExp(`^${row}`) })
        .getByRole("cell")
        .last()
        .textContent(),
    );
  expect(await value("Published")).toBe(0.1592);
  expect(await value("This sweep")).toBeGreaterThan(0.1592);
  await expect(side).toContainText(/Seed by seed 0\.1\d{3} ± 0\.0\d{3}, from 0\.1\d{3} to 0\.1\d{3}\./);
  await expect(side.getByRole("row")).toHaveCount(2 + 1 + 3);

  const front = page.getByRole("region", { name: "Front" });
  const json = await workbench.downloadOf(() => front.getByRole("button", { name: "All runs: export JSON" }).click());
  const csv = await workbench.downloadOf(() => front.getByRole("button", { name: "All runs: export CSV" }).click());
  expect(csv.text.trimEnd().split("\n")).toHaveLength(31);
  expect(json.text).toBe(
    await cli("sweep", "service-levels", "--vary", "pools[0].autoscaling.params.level=1,2,3", "--seeds", "10", "--json"),
  );
});

test("a click on a setting opens it in the workbench, and undo takes it back", async ({ page, workbench }) => {
  test.setTimeout(120_000);
  await page.goto("./#experiments");
  await rail(page).getByRole("textbox", { name: "Values" }).fill("8..10");
  await runToEnd(page);
  // The keyboard looks first: Enter opens what it looks at.
  const plot = page.getByRole("slider", { name: /^Settings/ });
  await plot.focus();
  await page.keyboard.press("Home");
  await expect(plot).toHaveAttribute("aria-valuetext", /^replicas 8: Total cost \$/);
  await page.getByRole("button", { name: "Open replicas 10 in the workbench" }).click();
  await expect(page.getByRole("link", { name: "Workbench" })).toHaveAttribute("aria-current", "page");
  await workbench.section("Fleet");
  await expect(workbench.box("Replicas")).toHaveValue("10");
  await workbench.undo.click();
  await expect(workbench.box("Replicas")).toHaveValue("9");
  // The way back leads to the experiment, which is still there.
  await page.goBack();
  await expect(page.getByRole("button", { name: "Open replicas 8 in the workbench" })).toBeVisible();
});

test("cancelling keeps what has run, a reload too, and the rest can be run later", async ({ page, workbench, guard }) => {
  test.setTimeout(240_000);
  // A reload goes on with the scenario of this tab, not with the recorded run.
  guard.allow(/recorded-run\.bin was preloaded/);
  await workbench.open();
  await workbench.command("Open preset: Autoscaling lab: service levels");
  await page.keyboard.press("e");
  await rail(page).getByRole("button", { name: "Run the sweep" }).click();
  await expect(rail(page)).toContainText(/[1-9]\d? of 30.runs/, { timeout: 60_000 });
  await rail(page).getByRole("button", { name: "Cancel, keep results" }).click();
  await expect(rail(page)).toContainText("cancelled, the rest is kept");
  const done = Number(/(\d+) of 30/.exec((await rail(page).textContent()) ?? "")?.[1]);
  const csv = await workbench.downloadOf(() => page.getByRole("button", { name: "All runs: export CSV" }).click());
  expect(csv.text.trimEnd().split("\n")).toHaveLength(1 + done);
  await page.reload();
  await expect(rail(page)).toContainText(`${done} of 30`);
  const again = await workbench.downloadOf(() => page.getByRole("button", { name: "All runs: export CSV" }).click());
  expect(again.text).toBe(csv.text);
  await rail(page)
    .getByRole("button", { name: /^Go on/ })
    .click();
  await rail(page).getByRole("button", { name: "Pause" }).click();
  await expect(rail(page)).toContainText("paused");
  await rail(page).getByRole("button", { name: "Go on" }).click();
  await expect(rail(page)).toContainText(new RegExp(`(?!${done} )\\d+ of 30`), { timeout: 60_000 });
});

test("two parameters: a front for each policy, every view of them, and the same through a link", async ({ page, context, workbench }) => {
  test.setTimeout(240_000);
  await workbench.open();
  await workbench.command("Open preset: One GPU, equal jobs");
  await page.keyboard.press("e");
  await rail(page).getByRole("textbox", { name: "Values" }).fill("1,2,3");
  await rail(page).getByRole("button", { name: "Vary another parameter" }).click();
  const second = rail(page).getByRole("region", { name: /^What varies, 2/ });
  await second.getByLabel("Vary", { exact: true }).selectOption("pools[0].batching");
  for (const name of ["Static batching", "S-LoRA loop"]) await second.getByRole("button", { name }).click();
  await expect(rail(page)).toContainText("12 settings × 1 seed");
  await runToEnd(page);
  const side = page.getByRole("complementary", { name: "Hypervolume" });
  await expect(side.getByRole("row", { name: /^Prefill first/ })).toBeVisible();
  const panel = page.getByRole("region", { name: "Parameters" });
  for (const view of ["Parallel", "Heat map", "Sensitivity", "One at a time"]) {
    await panel.getByRole("button", { name: view, exact: true }).click();
    await expectAccessible(page);
  }
  await picture(page, "experiments-two-parameters");
  const table = await workbench.downloadOf(() => panel.getByRole("button", { name: "One parameter at a time: export CSV" }).click());
  expect(table.text.split("\n")[0]).toContain("Parameter");
  const before = await side.getByRole("table").last().getByRole("row").count();
  await rail(page).getByRole("button", { name: "Add a constraint" }).click();
  await rail(page).getByRole("textbox", { name: "At least" }).fill("100");
  await expect.poll(() => side.getByRole("table").last().getByRole("row").count()).toBeLessThan(before);
  const url = await workbench.link();
  expect(url.length).toBeLessThan(2000);
  const other = await context.newPage();
  await other.goto(url);
  await expect(rail(other)).toContainText("12 settings × 1 seed");
  await expect(rail(other).getByRole("textbox", { name: "At least" })).toHaveValue("100");
  await other.close();
});

test("an embedded page has no frame, hides what the link says, and leads to the whole page", async ({ page, workbench }) => {
  await workbench.open("workbench&embed=1&hide=rail,requests");
  await expect(page.getByRole("navigation", { name: "Screens" })).toHaveCount(0);
  await expect(page.getByRole("complementary", { name: "Setup" })).toHaveCount(0);
  await expect(page.getByRole("region", { name: "Requests", exact: true })).toHaveCount(0);
  await expect(workbench.fleet).toBeVisible();
  await expect(page.getByRole("link", { name: "Open in Goodput" })).toHaveAttribute("href", "#workbench");
  await picture(page, "embedded");
  await expectAccessible(page);
});

test("values that cannot be say so, and nothing runs", async ({ page }) => {
  await page.goto("./#experiments");
  const values = rail(page).getByRole("textbox", { name: "Values" });
  await values.fill("9,many");
  await expect(rail(page)).toContainText(/pools\[0\]\.replicas=many: .*not a number.* Give a whole number/);
  await expect(rail(page).getByRole("button", { name: "Run the sweep" })).toBeDisabled();
  await values.fill("8..9");
  await expect(rail(page).getByRole("button", { name: "Run the sweep" })).toBeEnabled();
});

test("a link brings the screen and what varies", async ({ page, context, workbench }) => {
  await page.goto("./#experiments");
  await rail(page).getByLabel("Vary").selectOption("pools[0].autoscaling");
  await rail(page).getByRole("button", { name: "Timetable" }).click();
  const url = await workbench.link();
  const other = await context.newPage();
  await other.goto(url);
  await expect(rail(other).getByLabel("Vary")).toHaveValue("pools[0].autoscaling");
  await expect(rail(other).getByRole("button", { name: "Timetable" })).toHaveAttribute("aria-pressed", "false");
  await other.close();
});
