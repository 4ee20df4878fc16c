// A fleet that scales: the lab's presets, why the autoscaler scaled, and its fields in the rail.
import { expect, expectAccessible, picture, test } from "./fixtures.ts";
import type { Page } from "@playwright/test";
import type { Workbench } from "./workbench.ts";

async function openPreset(page: Page, workbench: Workbench, name: RegExp): Promise<void> {
  await workbench.open();
  await page.getByTitle("Presets, import, export").click();
  await page.getByRole("button", { name }).click();
  await expect(page.getByTitle("Presets, import, export")).toContainText(name);
}

test("the lab runs to its end, and says why the autoscaler scaled", async ({ page, workbench }) => {
  await openPreset(page, workbench, /Autoscaling lab: InferLine/);
  await workbench.finish();
  await expect(workbench.story).toContainText(/before the .*scale-up.* was ready/);

  const track = workbench.time.getByRole("slider", { name: /^Replicas, .* decisions: Page Down and Page Up go through them/ });
  await track.focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("PageDown");
  const told = workbench.time.getByRole("status");
  await expect(told).toHaveText(
    /^1 to 2\sreplicas at 00:15\. InferLine asked for 1 more\. It had 1 ready\. It saw: .*token rate.*throughput.* was ready at 00:25/,
  );
  await page.keyboard.press("PageDown");
  await expect(told).toHaveText(/^2 to 3\sreplicas at 00:30/);
  await expect(workbench.time.locator(".chart-tip")).toContainText("InferLine asked for 1 more.");
  await picture(page, "decision");
  await expectAccessible(page);
  await page.keyboard.press("PageUp");
  await expect(told).toHaveText(/at 00:15/);
  await page.keyboard.press("Escape");
  await expect(told).toBeHidden();

  // The same with the pointer.
  const box = (await track.boundingBox())!;
  await page.mouse.move(box.x + (box.width * 15) / 3600, box.y + box.height - 3);
  await expect(workbench.time.locator(".chart-tip")).toContainText(/replicas at 00:(15|30)/);
});

test("decisions as a table and a file", async ({ page, workbench }) => {
  await openPreset(page, workbench, /Autoscaling lab: service levels/);
  await workbench.finish();
  await workbench.time.getByRole("button", { name: /^\d+\sdecisions$/ }).click();
  const dialog = page.getByRole("dialog", { name: /Decisions of autoscalers/ });
  await expect(dialog.getByRole("columnheader")).toContainText(["Time", "Before", "Answered", "Ordered"]);
  await expect(dialog.getByRole("row").nth(1)).toContainText("00:05");
  await expectAccessible(page);
  const { text } = await workbench.downloadOf(() => dialog.getByRole("button", { name: "CSV" }).click());
  expect(text.split("\n")[0]).toMatch(/^Time \(s\),Before,Answered,Ordered,Ready,Starting,Draining,Leaving,/);
  expect(text.split("\n")[1]).toMatch(/^5,1,2,2,1,0,0,0,/);
});

test("the files of a run that scales, its batches, and its trace", async ({ page, workbench }) => {
  await openPreset(page, workbench, /Autoscaling lab: InferLine/);
  await workbench.finish();
  const files = await workbench.runFiles(5);
  expect(Object.keys(files).sort()).toEqual(["fleet.csv", "replicas.csv", "requests.csv", "scaling.csv", "summary.json"]);
  expect(files["scaling.csv"]).toMatch(/^t,pool,ready,starting,[^\n]+\n15,[^,]+,1,0,0,0,1,1,/);
  await page.getByRole("button", { name: "Batches and time" }).click();
  const part = page.getByRole("region", { name: "Batches and time" });
  await expect(part.getByRole("table", { name: "Where requests spend time" })).toBeVisible({ timeout: 40_000 });
  await workbench.command("Perfetto");
  const dialog = page.getByRole("dialog", { name: "Export a Perfetto trace" });
  const [text] = Object.values(await workbench.downloadsOf(1, () => dialog.getByRole("button", { name: "Record and save" }).click()));
  const { traceEvents } = JSON.parse(text!) as { traceEvents: { ph: string; ts: number; name: string }[] };
  expect(traceEvents.find(({ name }) => name === "+1 replicas")).toMatchObject({ ph: "i", ts: 15e6 });
});

test("only those who are there stand in the fleet, in places that are taken again", async ({ page, workbench }) => {
  await openPreset(page, workbench, /Autoscaling lab: InferLine/);
  await workbench.finish();
  const track = workbench.time.getByRole("slider", { name: /^Replicas, / });
  await track.focus();
  await page.keyboard.press("Home");
  await expect(workbench.fleet.getByRole("group", { name: "Replicas" }).getByRole("button")).toHaveCount(1);
  await page.keyboard.press("PageDown");
  await page.keyboard.press("ArrowRight");
  await expect(workbench.fleet.getByRole("button", { name: /starting, ready in \d+ seconds/ })).toHaveCount(1);
  await page.keyboard.press("l");
  await expect(workbench.fleet.getByRole("group", { name: "Replicas" }).getByRole("button")).toHaveCount(5);
});

test("every autoscaler has its fields, its link, its undo; wrong values keep the run", async ({ page, workbench }) => {
  await openPreset(page, workbench, /Autoscaling lab: service levels/);
  await workbench.section("Autoscaler");
  const head = page.getByRole("complementary", { name: "Setup" }).getByRole("button", { name: /^Autoscaler/ });
  await expect(head).toContainText("Service level, 1 to 64");
  const fields = page.getByRole("group", { name: "Autoscaler of lab" });
  const policy = fields.getByRole("combobox", { name: "Policy" });
  await expect(policy).toBeVisible();
  const options = await policy.getByRole("option").allTextContents();
  expect(options.length).toBeGreaterThanOrEqual(6);
  for (const label of options.filter((option) => option !== "Service level")) {
    await policy.selectOption({ label });
    await expect(head).toContainText(label === "Fixed count" ? label : `${label}, 1 to 64`);
    await expect(fields.getByRole("textbox", { name: "At most", exact: true })).toHaveCount(label === "Fixed count" ? 0 : 1);
    const url = await workbench.link();
    expect(url.slice(url.indexOf("#")).length, label).toBeLessThan(2000);
    // It runs: pictures of the new run come in.
    await expect(workbench.time).toContainText(/before/);
    await expect(page.getByRole("alert")).toHaveCount(0);
    await workbench.undo.click();
    await expect(head).toContainText("Service level, 1 to 64");
  }

  await workbench.setBox("At least", "9");
  await workbench.setBox("At most", "7");
  await expect(fields).toContainText("More than at most (7)");
  await expect(head.locator("..").locator("..")).toContainText("The last run stays.");
  await workbench.setBox("At least", "2");
  await expect(head).toContainText(/Service level, 2 to 7|changes/);
  await workbench.box("Level").fill("4");
  await expect(fields).toContainText(/from 1 to 3|at most 3|1 to 3/i);
  await page.keyboard.press("Escape");

  await workbench.setBox("Load weights", "10");
  await expect(fields).toContainText(/Ready 24\.1\ss after the order: 141\sGB of weights in 14\.1\ss\./);
  await workbench.section("Fleet");
  await workbench.setBox("Node of", "8");
  await expect(page.getByText(/\$16\.00\/h per node of 8\sGPUs, 1\snode at the start\./)).toBeVisible();
  await picture(page, "autoscaler-rail");
  await expectAccessible(page);
});

test("a link opens the same autoscaler", async ({ context, page, workbench }) => {
  await openPreset(page, workbench, /Autoscaling lab: InferLine/);
  await workbench.section("Autoscaler");
  await workbench.setBox("At most", "4");
  await workbench.setBox("Stop delay", "20");
  const url = await workbench.link();
  const other = await context.newPage();
  await other.goto(url);
  await expect(other.getByRole("button", { name: /^Autoscaler/ })).toContainText("InferLine, 1 to 4");
  await expect(other.getByRole("textbox", { name: "Stop delay", exact: true })).toHaveValue("20");
  await other.close();
});

test("on a phone a tap shows the decision, and nothing is wider than the window", async ({ browser, baseURL }) => {
  const page = await browser.newPage({ baseURL: baseURL!, viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  await page.goto("./");
  await page.getByTitle("Presets, import, export").click();
  await page.getByRole("button", { name: /Autoscaling lab: service levels/ }).click();
  const time = page.getByRole("region", { name: "Time", exact: true });
  const track = time.getByRole("slider", { name: /^Replicas, .* decisions/ });
  await track.scrollIntoViewIfNeeded();
  const box = (await track.boundingBox())!;
  await page.touchscreen.tap(box.x + (box.width * 1210) / 3600, box.y + box.height - 4);
  await expect(time.locator(".chart-tip")).toContainText("3 to 4");
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(wide).toBeLessThanOrEqual(0);
  await page.close();
});

test("a pool with an autoscaler: its form, another level, and the reasons for every change in its file", async ({ workbench }) => {
  await workbench.open();
  await workbench.command("Open preset: Autoscaling lab: service levels");
  await workbench.section("Autoscaler");
  await workbench.setBox("Level", "3");
  await workbench.finish();
  const files = await workbench.downloadsOf(5, () => workbench.command("Export this run"));
  const scaling = Object.entries(files).find(([name]) => name.endsWith("scaling.csv"))?.[1] ?? "";
  const [header, first] = scaling.split("\n");
  expect(header).toBe("t,pool,ready,starting,draining,leaving,answered,ordered,because");
  // The first look after 5 s asks for more than the one replica there is, at the level that was set.
  expect(first).toMatch(/^5,lab,1,0,0,0,\d,\d,throughput of a busy replica: \d+.*; replicas kept busy: \d.*; of each planned with: 0\.78/);
});
