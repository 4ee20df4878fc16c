// Latency models: measured batches are read and fitted, a fit is cancelled at once, the fleet runs on the model, a link carries it, draws show what it leaves open.
import type { Page } from "@playwright/test";
import { sampleText } from "../src/latency/fit/sample.ts";
import { expect, expectAccessible, picture, test } from "./fixtures.ts";
import { rememberLongTasks } from "../scripts/lib/long-tasks.mjs";
import { tasksDuring } from "./main-tasks.ts";

const rail = (page: Page) => page.getByRole("complementary", { name: "Measurements and method" });
const model = (page: Page) => page.getByRole("complementary", { name: "Fitted model" });

/** The sample with a line that cannot be used and a repeat, as a log of one's own. */
const measured = (): string => {
  const lines = sampleText().trimEnd().split("\n");
  return [...lines, lines[1]!.replace(/[^,]+$/, "0"), lines[2]!.replace(/^\d+/, "-1")].join("\n");
};

async function fitted(page: Page): Promise<void> {
  await expect(rail(page).getByRole("button", { name: "Fit again" })).toBeVisible({ timeout: 90_000 });
}

test("the screen shows a sample, says that it is one, and is fitted without a click", async ({ page, workbench }) => {
  test.setTimeout(150_000);
  await workbench.open();
  await page.getByRole("navigation", { name: "Screens" }).getByRole("link", { name: "Latency models" }).click();
  await expect(rail(page)).toContainText("Not measured: batch times of Goodput's roofline model");
  await fitted(page);
  await expect(model(page).getByRole("region", { name: "Coefficients" })).toContainText("95 % of 400 resamples");
  await expect(model(page).getByRole("region", { name: "Forms compared" }).getByRole("row")).toHaveCount(6);
  await expect(rail(page)).toContainText(/CPU, [\d.]+/);
  const plot = page.getByRole("slider", { name: "Batches, by predicted time" });
  await plot.focus();
  await page.keyboard.press("End");
  await expect(plot).toHaveAttribute("aria-valuetext", /^Line \d+: Measured [\d.]+\sms, Predicted/);
  const csv = await workbench.downloadOf(() => page.getByRole("button", { name: "Measured against predicted: export CSV" }).click());
  expect(csv.text.trimEnd().split("\n")).toHaveLength(641);
  await page.getByRole("region", { name: "Residuals" }).hover();
  const svg = await workbench.downloadOf(() => page.getByRole("button", { name: "Residuals: export SVG" }).click());
  expect(svg.text).toContain("New tokens");
  await picture(page, "models");
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(wide).toBeLessThanOrEqual(0);
  await expectAccessible(page);
});

test("a file is fitted, cancelled at once, fitted again and used: the fleet runs on it, draws say how sure that is, a link needs no file", async ({
  page,
  workbench,
  browser,
  guard,
}) => {
  test.setTimeout(400_000);
  // The page that is loaded again goes on with its scenario, and has no use for the recorded run.
  guard.allow(/recorded-run\.bin was preloaded/);
  await workbench.open();
  await workbench.finish();
  const before = (await workbench.summary.getByRole("row", { name: /TTFT P99/ }).textContent()) ?? "";
  await workbench.drop("batches.csv", measured());
  await expect(page.getByRole("link", { name: "Latency models" })).toHaveAttribute("aria-current", "page");
  await expect(rail(page)).toContainText("640 read, 2 refused");
  await rail(page).getByText("2 lines refused").click();
  await expect(rail(page)).toContainText('line 642: time_ms "0": the time must be greater than 0');

  const cancel = rail(page).getByRole("button", { name: "Cancel, keep what is finished" });
  await expect(cancel).toBeVisible();
  // The best of up to three: what the page needs, not what else the machine was doing.
  const times: number[] = [];
  while (times.length < 3 && !times.some((ms) => ms < 200)) {
    if (times.length > 0) await rail(page).getByRole("button", { name: "Fit again" }).click();
    await expect(cancel).toBeVisible();
    times.push(
      await page.evaluate(async () => {
        const begun = performance.now();
        [...document.querySelectorAll("button")].find((button) => button.textContent.includes("Cancel, keep"))?.click();
        while (!document.body.textContent.includes("Cancelled. What") && performance.now() - begun < 5000)
          await new Promise((resolve) => requestAnimationFrame(resolve));
        return performance.now() - begun;
      }),
    );
  }
  test.info().annotations.push({ type: "measured", description: `cancelled after ${times.map((ms) => ms.toFixed(0)).join(", ")} ms` });
  expect(Math.min(...times)).toBeLessThan(200);
  await rail(page).getByRole("button", { name: "Fit again" }).click();
  await expect(cancel).toBeVisible();
  await fitted(page);

  // A file that cannot be read changes nothing.
  await workbench.drop("broken.csv", "tokens,requests,past_tokens,when\n1,2,3,4\n");
  await expect(rail(page).getByRole("alert")).toContainText("There is no time column");
  await expect(model(page).getByRole("region", { name: "Coefficients" })).toContainText("95 % of 400 resamples");

  const file = await workbench.downloadOf(() => model(page).getByRole("button", { name: "Export JSON" }).click());
  expect(JSON.parse(file.text)).toMatchObject({ format: "goodput-latency-model", source: { file: "batches.csv", refused: 2 } });
  await model(page).getByRole("button", { name: "Use in the workbench" }).click();
  await workbench.section("Model and GPUs");
  const setup = page.getByRole("complementary", { name: "Setup" });
  await expect(setup.getByRole("combobox", { name: "Latency" })).toHaveValue("fitted");
  await expect(setup).toContainText("batches-selected.json");
  await workbench.finish();
  // The same traffic, served in other times.
  await expect(workbench.summary.getByRole("row", { name: /TTFT P99/ })).not.toHaveText(before);

  const sure = page.getByRole("region", { name: "How sure" }).last();
  await sure.getByLabel("Draws").selectOption("10");
  await sure.getByRole("button", { name: "Run the draws" }).click();
  await expect(sure).toContainText("95 % of 10 draws", { timeout: 90_000 });
  await expect(sure.getByRole("row", { name: /P90 time to first token/ }).getByRole("cell")).toHaveCount(4);
  await picture(page, "draws");
  await expectAccessible(page);

  // Another machine, without the file.
  const link = await workbench.link();
  expect(link).toContain("&m=");
  expect(link.slice(link.indexOf("#")).length).toBeLessThan(2600);
  const stranger = await browser.newPage();
  await stranger.goto(link);
  await stranger
    .getByRole("complementary", { name: "Setup" })
    .getByRole("button", { name: /^Model and GPUs/ })
    .waitFor();
  await expect(stranger.getByText(/is not on this machine/)).toHaveCount(0);
  await expect(stranger.getByRole("region", { name: "The run in one sentence" })).toContainText(/requests/, { timeout: 30_000 });
  await stranger.close();

  // Kept over a reload, renamed, forgotten.
  await page.goto("./#models");
  await page.reload();
  const kept = page.getByRole("region", { name: "Kept models" });
  const name = kept.getByRole("textbox").first();
  await name.fill("H100 at night");
  await name.press("Enter");
  await expect(kept.getByRole("button", { name: "Export H100 at night" })).toBeVisible();
  await kept.getByRole("button", { name: "Forget H100 at night" }).click();
  await expect(kept).toContainText("None yet.");
});

test("the software adapter, asked for, computes the sums; the badge says which it was and how long it took", async ({
  page,
  workbench,
}) => {
  test.setTimeout(200_000);
  await workbench.open();
  await page.getByRole("link", { name: "Latency models" }).click();
  await fitted(page);
  await rail(page).getByRole("radiogroup", { name: "Run on" }).getByText("GPU").click();
  // A phase may be shorter than the pause between two looks: the page notes each line it shows.
  await rail(page).evaluate((root) => {
    const lines = new Set<string>();
    new MutationObserver(() => lines.add(root.querySelector(".fit-line")?.textContent ?? "")).observe(root, {
      childList: true,
      characterData: true,
      subtree: true,
    });
    Object.assign(globalThis, { fitLines: lines });
  });
  await rail(page).getByRole("button", { name: "Fit again" }).click();
  const badge = rail(page).locator(".fit-badge");
  await expect(badge).toContainText(/GPU, [\d.]+/, { timeout: 120_000 });
  await fitted(page);
  const lines = await page.evaluate(() => [...(globalThis as unknown as { fitLines: Set<string> }).fitLines]);
  expect(lines.join("\n")).toContain("Resampling on the GPU");
  await expect(badge).toContainText(/swiftshader/i);
  await expect(badge).toContainText(/sums of the resamples [\d.]+/);
  await expect(model(page).getByRole("region", { name: "Coefficients" })).toContainText("95 % of 400 resamples");
  const batch = model(page).getByRole("region", { name: "A batch of your own" });
  await expect(batch).toContainText("inside of what was measured");
  await batch.getByRole("textbox", { name: "Decodes" }).fill("270");
  await expect(batch).toContainText(/270 decodes, measured up to \d+/);
  await picture(page, "models-gpu");
});

/** Times that no form can tell from the work. */
const noise = (): string =>
  [
    "tokens,requests,past_tokens,time_ms",
    ...Array.from({ length: 60 }, (_, i) => `${100 + i},${1 + (i % 7)},${500 + 9 * i},${(i * 37) % 11 < 5 ? 10 : 30}`),
  ].join("\n");

test("a model that is far off is used only by those who say that they know", async ({ page, workbench }) => {
  test.setTimeout(150_000);
  await workbench.open();
  await workbench.drop("noise.csv", noise());
  await fitted(page);
  const use = model(page).getByRole("button", { name: "Use in the workbench" });
  await expect(use).toBeDisabled();
  await expect(model(page)).toContainText(/Every form misses the data by more than 20 % \(best: \w+ \d+ %\)/);
  await expectAccessible(page);
  await model(page).getByRole("checkbox", { name: "Use it all the same" }).check();
  await expect(use).toBeEnabled();
});

/** Rows of a plain law with noise of its own. */
function manyRows(count: number): string {
  const lines = ["prefill_requests,prefill_tokens,prefill_context_tokens,prefill_work,decode_requests,decode_context_tokens,time_ms"];
  let state = 1;
  const random = (): number => (state = (state * 16807) % 2147483647) / 2147483647;
  for (let i = 0; i < count; i++) {
    const decodes = Math.floor(random() * 128);
    const context = Math.floor(decodes * random() * 4000);
    const tokens = random() < 0.5 ? 0 : 1 + Math.floor(random() * 2048);
    const ms = 10 + 0.05 * tokens + 0.02 * decodes + 2e-5 * context;
    lines.push(
      [
        tokens > 0 ? 1 : 0,
        tokens,
        0,
        (tokens * tokens) / 2,
        decodes + (tokens > 0 ? 0 : 1),
        context,
        (ms * (0.9 + 0.2 * random())).toFixed(4),
      ].join(","),
    );
  }
  return lines.join("\n");
}

test("no main-thread task over 50 ms while 20,000 rows are read, fitted and drawn", async ({ page, browser }) => {
  test.setTimeout(150_000);
  await rememberLongTasks(page);
  await page.goto("./#models");
  await fitted(page);
  const rows = manyRows(20_000);
  // The file stands ready: handing it over from the test is not of the page.
  await page.evaluate((text) => Object.assign(globalThis, { rows: new File([text], "many.csv") }), rows);
  const { count, long } = await tasksDuring(page, browser, async () => {
    await page.evaluate(() => {
      const data = new DataTransfer();
      data.items.add((globalThis as unknown as { rows: File }).rows);
      for (const type of ["dragenter", "dragover", "drop"])
        document.body.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: data }));
    });
    await expect(rail(page)).toContainText("20,000 read", { timeout: 30_000 });
    await expect(model(page).getByRole("button", { name: "linear" })).toBeVisible({ timeout: 60_000 });
    await page.waitForTimeout(3000);
  });
  expect(count).toBeGreaterThan(100);
  expect(long).toEqual([]);
});
