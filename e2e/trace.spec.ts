import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import { expect, test } from "./fixtures.ts";
import { azureTrace } from "./traces.ts";
import type { Workbench } from "./workbench.ts";

const REAL = "../shared/data/traces/azure-llm-2023/AzureLLMInferenceTrace_conv.first-40min.csv";

/** Serves the trace on the page and on the command line with the page's own scenario, and compares summary.json byte for byte. */
async function sameAsCommandLine(workbench: Workbench, name: string, text: string): Promise<void> {
  await workbench.open();
  await workbench.drop(name, text);
  const accepted = text.trimEnd().split("\n").length - 1;
  await expect(workbench.page.getByRole("status").filter({ hasText: `${accepted.toLocaleString("en-US")} accepted` })).toBeVisible();
  await workbench.finish();
  const scenario = await workbench.downloadOf(() => workbench.command("Export this scenario"));
  const files = await workbench.runFiles();
  const folder = test.info().outputPath("cli");
  await mkdir(folder, { recursive: true });
  await writeFile(`${folder}/scenario.json`, scenario.text);
  await writeFile(`${folder}/${name}`, text);
  await promisify(execFile)(process.execPath, [
    "--import",
    "tsx",
    "src/cli/main.ts",
    "run",
    `${folder}/scenario.json`,
    "--trace",
    `${folder}/${name}`,
    "--out",
    `${folder}/out`,
  ]);
  for (const name of ["summary.json", "requests.csv"]) {
    const page = (files[name] ?? "").split("\n");
    const commandLine = (await readFile(`${folder}/out/${name}`, "utf8")).split("\n");
    const line = page.findIndex((text, i) => text !== commandLine[i]);
    expect(line < 0 ? "equal" : `line ${line + 1}: page ${page[line]}, command line ${commandLine[line]}`, name).toBe("equal");
    expect(page.length, name).toBe(commandLine.length);
  }
  const size = (name: string): string => `${name} (${(files[name] ?? "").length.toLocaleString("en-US")} characters)`;
  test.info().annotations.push({
    type: "measured",
    description: `${accepted.toLocaleString("en-US")} requests: ${size("summary.json")} and ${size("requests.csv")} equal the command line's`,
  });
}

test("a dropped trace gives the same summary as the command line, to the last digit", async ({ workbench }) => {
  await sameAsCommandLine(workbench, "made.csv", azureTrace(1500, 20));
});

test("forty minutes of a real trace give the same summary as the command line", async ({ workbench }) => {
  test.skip(!existsSync(REAL), `${REAL} is not on this machine`);
  test.setTimeout(180_000);
  await sameAsCommandLine(workbench, "conversations.csv", readFileSync(REAL, "utf8"));
});

test("a malformed trace gets a sentence, and the previous trace stays", async ({ page, workbench }) => {
  await workbench.open();
  await workbench.drop("good.csv", azureTrace(300, 10));
  await workbench.section("Traffic");
  const traffic = page.getByRole("complementary", { name: "Setup" });
  await expect(traffic).toContainText("good.csv");
  await workbench.drop("broken.csv", "\u0000\u0001\u0002 not a trace \u0000");
  await expect(page.getByRole("alert").filter({ hasText: "The traffic stays as it was" })).toBeVisible();
  await expect(traffic).toContainText("good.csv");
  await expect(workbench.story).toContainText(/requests/);
});

test("a reload keeps the trace", async ({ page, workbench }) => {
  await workbench.open();
  await workbench.drop("kept.csv", azureTrace(400, 10));
  await workbench.section("Traffic");
  const traffic = page.getByRole("complementary", { name: "Setup" });
  await expect(traffic).toContainText("kept.csv");
  await page.reload();
  await workbench.section("Traffic");
  await expect(traffic).toContainText("kept.csv");
  await expect(workbench.story).toContainText(/requests/);
});
