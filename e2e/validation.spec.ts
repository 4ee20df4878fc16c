// Validation: how far off the simulator is, a measured run opened in the workbench, and a calibration to runs of one's own.
import { expect, expectAccessible, picture, test } from "./fixtures.ts";

/** Runs of the scenario that is open: slower than the simulator takes by default. */
const RUNS = ["rate,isl,osl,requests,tpot_ms", "1,200,20,40,30", "4,200,20,40,30.4", "8,200,20,40,31", "2,2000,20,40,32"];

test("the table of sets, the runs of one, and a run as a scenario", async ({ page, workbench }) => {
  await workbench.open();
  await page.getByRole("navigation", { name: "Screens" }).getByRole("link", { name: "Validation" }).click();
  const sets = page.getByRole("region", { name: "Errors against measured runs" });
  const row = sets.getByRole("row", { name: /^vLLM 0\.15 at constant rates, h100-sxm blis-vllm-runs/ });
  await expect(row.last()).toContainText("10 / 15 / 10");
  await expect(sets.getByRole("row", { name: /^BLIS/ })).toContainText("17.6");
  await sets.getByRole("button", { name: /^vLLM, TensorRT-LLM and SGLang/ }).click();
  const runs = page.getByRole("region", { name: "Runs of the set" });
  await expect(runs).toContainText(/781.runs, 60 shown/);
  await runs.getByRole("slider", { name: /^Runs, by the measured time/ }).press("End");
  await expect(runs.getByRole("slider")).toHaveAttribute("aria-valuetext", /Measured .*Predicted/);
  await expectAccessible(page);
  await picture(page, "validation");
  await sets.getByRole("button", { name: "vLLM 0.15 at constant rates, h100-sxm", exact: true }).last().click();
  await runs.getByRole("button").filter({ hasText: "llama" }).first().click();
  await expect(page).toHaveURL(/#workbench$/);
  await expect(page.getByRole("complementary").first()).toContainText(/Llama/i);
  await workbench.undo.click();
});

test("runs of one's own: bad ones are told, the others calibrate the scenario", async ({ page, workbench }) => {
  test.setTimeout(120_000);
  await page.goto("./#validation");
  const panel = page.getByRole("region", { name: "Calibrate to your runs" });
  const open = async (name: string, text: string): Promise<void> => {
    const chooser = page.waitForEvent("filechooser");
    await panel.getByRole("button", { name: "Open a table of runs" }).click();
    await (await chooser).setFiles({ name, mimeType: "text/csv", buffer: Buffer.from(text) });
  };
  await open("none.csv", "a,b\n1,2\n");
  await expect(panel.getByRole("alert")).toContainText("none.csv: There is no measured mean");
  await open("runs.csv", [...RUNS, "0,1,1,1,1"].join("\n"));
  await expect(panel.getByRole("button", { name: "Use it" })).toBeVisible({ timeout: 90_000 });
  await expect(panel).toContainText('Line 6: rate "0": give a number above 0; run refused.');
  const median = async (row: string): Promise<number> =>
    Number.parseFloat(
      (await panel
        .getByRole("row", { name: new RegExp(`^${row}`) })
        .getByRole("cell")
        .nth(1)
        .textContent()) ?? "",
    );
  expect(await median("before")).toBeGreaterThan(20);
  expect(await median("after")).toBeLessThan(5);
  await expectAccessible(page);
  await picture(page, "calibration");
  await panel.getByRole("button", { name: "Use it" }).click();
  await expect(page).toHaveURL(/#workbench$/);
  await expect(workbench.undo).toBeEnabled();
});
