import { expect, expectAccessible, picture, test } from "./fixtures.ts";

test("batches, stages and where time goes, from a second run; by keyboard too", async ({ page, workbench }) => {
  await workbench.open();
  await workbench.finish();
  const open = page.getByRole("button", { name: "Batches and time" });
  await open.focus();
  await page.keyboard.press("Enter");
  const part = page.getByRole("region", { name: "Batches and time" });
  await expect(part.getByRole("table", { name: "Where requests spend time" })).toBeVisible({ timeout: 40_000 });
  await expect(part.getByRole("table", { name: "Pools" }).getByRole("row", { name: /^chat/ })).toContainText("%");
  const bars = part.getByRole("slider", { name: "Requests in a batch" });
  await bars.focus();
  await page.keyboard.press("ArrowRight");
  await expect(bars).toHaveAttribute("aria-valuetext", /requests: batches .*%/);
  await part.getByRole("table", { name: "Pools" }).hover();
  const csv = await workbench.downloadOf(() => part.getByRole("button", { name: "Stages: export CSV" }).click());
  expect(csv.text).toMatch(/^Pool,Replica,Stage,/);
  await part.scrollIntoViewIfNeeded();
  await picture(page, "batches");
  await expectAccessible(page);
  await part.getByRole("button", { name: "Hide" }).click();
  await expect(part).toBeHidden();
});

test("a Perfetto trace of a brushed range, the same however often it is recorded", async ({ page, workbench }) => {
  await workbench.open();
  const plot = workbench.time.locator("canvas").first();
  const box = (await plot.boundingBox())!;
  // A drag across a few pixels of the tracks.
  await page.mouse.move(box.x + box.width * 0.4, box.y + 40);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.42, box.y + 40, { steps: 4 });
  await page.mouse.up();
  await expect(page.getByRole("columnheader", { name: "This range" })).toBeVisible();
  await workbench.command("Perfetto");
  const dialog = page.getByRole("dialog", { name: "Export a Perfetto trace" });
  await expect(dialog.getByRole("radiogroup", { name: "Time" })).toBeVisible();
  await expectAccessible(page);
  await picture(page, "perfetto");
  const record = () => workbench.downloadsOf(1, () => dialog.getByRole("button", { name: "Record and save" }).click());
  const files = await record();
  const [[name, text] = ["", ""]] = Object.entries(files);
  expect(name).toMatch(/-perfetto\.json$/);
  const { traceEvents, otherData } = JSON.parse(text) as {
    traceEvents: { ph: string; ts?: number; args: Record<string, unknown> }[];
    otherData: { from: string; to: string };
  };
  const slices = traceEvents.filter(({ ph }) => ph === "X");
  expect(slices.length).toBeGreaterThan(100);
  expect(slices[0]!.args).toHaveProperty("kv_blocks");
  expect(Math.max(...slices.map(({ ts }) => ts ?? NaN))).toBeLessThan(Number(otherData.to) * 1e6);
  await expect(dialog.getByRole("status")).toContainText("ui.perfetto.dev");
  expect(Object.values(await record())).toEqual([text]);
});
