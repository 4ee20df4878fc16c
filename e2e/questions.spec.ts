// The questions of the experiments screen, asked to their end: the same numbers as on the command line. And a sweep that stops early, over a reload.
import { writeFileSync } from "node:fs";
import type { ComparisonResult, GoodputResult } from "../src/analysis/types.ts";
import { oneGpuQueue } from "../src/scenario/presets/one-gpu-queue.ts";
import { setPath } from "../src/scenario/set-path.ts";
import { cli } from "./cli.ts";
import { expect, expectAccessible, picture, test } from "./fixtures.ts";
import type { Workbench } from "./workbench.ts";
import type { Locator, Page } from "@playwright/test";

async function ask(page: Page, workbench: Workbench, question: string): Promise<Locator> {
  await workbench.open();
  await workbench.command("Open preset: One GPU, equal jobs");
  await page.keyboard.press("e");
  await page.getByRole("navigation", { name: "Questions" }).getByRole("button", { name: question }).click();
  return page.getByRole("complementary", { name: question });
}

/** Rows of a CSV by the name of their column; no cell of these has a comma but quoted ones at the end. */
function rowsOf(text: string): Record<string, string>[] {
  const [head = "", ...lines] = text.trimEnd().split("\n");
  const names = head.split(",");
  return lines.map((line) => {
    const cells = line.split(",");
    return Object.fromEntries(names.map((name, i) => [name, cells[i] ?? ""]));
  });
}

test("the highest rate within the SLOs: asked on the page, answered as on the command line", async ({ page, workbench }) => {
  test.setTimeout(120_000);
  const rail = await ask(page, workbench, "Goodput");
  await rail.getByRole("textbox", { name: "Seeds" }).fill("2");
  await rail.getByRole("button", { name: "Find the goodput" }).click();
  await expect(rail.getByRole("button", { name: "Ask again" })).toBeVisible({ timeout: 60_000 });
  const expected = JSON.parse(await cli("goodput", "one-gpu-queue", "--seeds", "2", "--json")) as GoodputResult;
  await expect(page.getByRole("region", { name: "Goodput, answer" })).toContainText(expected.statement);
  await expect(rail).toContainText(`${expected.curve.length} rates tried`);
  const curve = page.getByRole("region", { name: "Attainment" });
  await curve.hover();
  const csv = await workbench.downloadOf(() => curve.getByRole("button", { name: /export CSV/ }).click());
  const rows = rowsOf(csv.text);
  expect(rows).toHaveLength(expected.curve.length);
  const rates = rows.map((row) => Object.values(row).map(Number));
  for (const [i, { rate, attainment, low, high }] of expected.curve.entries())
    [rate, 100 * attainment, 100 * low, 100 * high].forEach((value, column) => expect(rates[i]![column]).toBeCloseTo(value, 9));
  await expectAccessible(page);
  await picture(page, "goodput-answer");
});

test("whether a second replica makes a difference: compared on the page as on the command line", async ({ page, workbench }, info) => {
  test.setTimeout(120_000);
  const rail = await ask(page, workbench, "Comparison");
  await expect(rail.getByRole("button", { name: "Compare" })).toBeDisabled();
  await rail.getByRole("textbox", { name: "to", exact: true }).fill("2");
  await rail.getByRole("button", { name: "Add this change" }).click();
  await rail.getByRole("textbox", { name: "Seeds" }).fill("3");
  await rail.getByRole("button", { name: "Compare" }).click();
  await expect(rail.getByRole("button", { name: "Ask again" })).toBeVisible({ timeout: 60_000 });

  const outcome = setPath(oneGpuQueue.scenario, "pools[0].replicas=2");
  if (!outcome.ok) throw new Error(outcome.errors.join(" "));
  const other = info.outputPath("two-replicas.json");
  writeFileSync(other, JSON.stringify(outcome.scenario));
  const expected = JSON.parse(
    await cli("compare", "one-gpu-queue", other, "--seeds", "3", "--metrics", "cost,e2e.p90,slo", "--json"),
  ) as ComparisonResult;
  const [{ differences }] = expected.others as [ComparisonResult["others"][number]];
  expect(differences.map(({ metric, claim }) => [metric, claim])).toEqual([
    ["cost", "higher"],
    ["e2e.p90", "lower"],
    ["slo", "higher"],
  ]);
  const words = page.getByRole("region", { name: "In words" });
  for (const { sentence } of differences) await expect(words).toContainText(sentence);
  const panel = page.getByRole("region", { name: "Differences", exact: true });
  await expect(panel.getByRole("row", { name: /^Replicas 2/ })).toContainText("trade-off");
  await panel.hover();
  const csv = await workbench.downloadOf(() => panel.getByRole("button", { name: /export CSV/ }).click());
  const rows = rowsOf(csv.text);
  expect(rows.map((row) => row["Quantity"])).toEqual(differences.map(({ metric }) => metric));
  for (const [i, { baseline, other: value, difference, low, high, pValue }] of differences.entries())
    [baseline, value, difference, low, high, pValue].forEach((wanted, column) =>
      expect(Number(rows[i]![["Baseline", "This one", "Difference", "Lower end", "Upper end", "p"][column]!])).toBeCloseTo(wanted, 9),
    );
  await expectAccessible(page);
  await picture(page, "comparison-answer");
});

test("settings that are beaten for certain get no further seeds, also after a reload, as on the command line", async ({
  page,
  workbench,
  guard,
}, info) => {
  test.setTimeout(120_000);
  // A reload goes on with the scenario of this tab, not with the recorded run.
  guard.allow(/recorded-run\.bin was preloaded/);
  const rail = await ask(page, workbench, "Sweep");
  await rail.getByLabel("Vary", { exact: true }).selectOption("traffic.source.lengths.params.prompt");
  await rail.getByRole("textbox", { name: "Values" }).fill("1024,2048,4096");
  await rail.getByRole("textbox", { name: "Seeds" }).fill("16");
  await rail.getByRole("switch", { name: "Stop early" }).check();
  await rail.getByLabel("Across").selectOption("ttft.mean");
  await rail.getByRole("textbox", { name: "Workers" }).fill("1");
  const spec = await workbench.downloadOf(() => rail.getByRole("button", { name: "Save as a file" }).click());
  // All of it takes two seconds: the page itself cancels as soon as a run has ended.
  await rail.evaluate((root) =>
    new MutationObserver((_, observer) => {
      if (!/[1-9]\d? of 48/.test(root.textContent ?? "")) return;
      observer.disconnect();
      [...root.querySelectorAll("button")].find(({ textContent }) => textContent === "Cancel, keep results")!.click();
    }).observe(root, { childList: true, characterData: true, subtree: true }),
  );
  await rail.getByRole("button", { name: "Run the sweep" }).click();
  await expect(rail).toContainText("cancelled, the rest is kept", { timeout: 30_000 });
  await page.reload();
  await expect(rail.getByRole("textbox", { name: "Values" })).toHaveValue("1024,2048,4096");
  await expect(rail.getByRole("switch", { name: "Stop early" })).toBeChecked();
  await rail.getByRole("button", { name: /^Go on/ }).click();
  const line = rail.getByRole("region", { name: "Progress" });
  await expect(line).toContainText(/23 of 48.runsdone/, { timeout: 60_000 });
  await expect(rail).toContainText(/2.settings got no further seeds/);
  await expect(rail.getByRole("button", { name: "Run again" })).toBeVisible();

  // At its end it is there as one that is over, not as one that could go on.
  await page.reload();
  await expect(rail).toContainText(/2.settings got no further seeds/);
  await expect(rail.getByRole("button", { name: "Run again" })).toBeVisible();
  await expect(rail.getByRole("button", { name: /^Go on/ })).toHaveCount(0);
  const front = page.getByRole("region", { name: "Front" });
  const json = await workbench.downloadOf(() => front.getByRole("button", { name: "All runs: export JSON" }).click());
  const file = info.outputPath("sweep.json");
  writeFileSync(file, spec.text);
  expect(json.text).toBe(await cli("sweep", file, "--json"));
});
