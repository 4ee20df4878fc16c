import { expect, test } from "./fixtures.ts";

test("a chart as SVG, PNG and CSV, and as a table", async ({ page, workbench }) => {
  await workbench.open();
  await workbench.fleet.hover();
  const svg = await workbench.downloadOf(() => workbench.fleet.getByRole("button", { name: "Fleet: export SVG" }).click());
  expect(svg.name).toMatch(/\.svg$/);
  expect(svg.text).toMatch(/^(<\?xml[^>]*>\s*)?<svg /);
  const png = await workbench.downloadOf(() => workbench.fleet.getByRole("button", { name: "Fleet: export PNG" }).click());
  expect(png.name).toMatch(/\.png$/);
  const csv = await workbench.downloadOf(() => workbench.fleet.getByRole("button", { name: "Fleet: export CSV" }).click());
  expect(csv.text.split("\n").length).toBeGreaterThan(2);
  await workbench.fleet.getByRole("button", { name: "Fleet: show as a table" }).click();
  await expect(page.getByRole("dialog").getByRole("table")).toBeVisible();
  // Keys belong to the table: none of them moves the page behind it.
  await page.keyboard.press("e");
  await expect(page.getByRole("dialog")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toBeHidden();
  await expect(workbench.fleet).toBeVisible();
});

test("the files of a run and the scenario", async ({ workbench }) => {
  await workbench.open();
  await workbench.finish();
  const files = await workbench.runFiles(5);
  expect(Object.keys(files).sort()).toEqual(["fairness.csv", "fleet.csv", "replicas.csv", "requests.csv", "summary.json"]);
  expect(JSON.parse(files["summary.json"] ?? "{}")).toHaveProperty("scenarioHash");
  expect(files["requests.csv"]).toMatch(/^id,tenant,arrived_at,/);
  const scenario = await workbench.downloadOf(() => workbench.command("Export this scenario"));
  expect(JSON.parse(scenario.text)).toHaveProperty("version", 1);
});
