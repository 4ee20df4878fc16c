// Batch latency from operator times: files dropped on the page, the same results as on the command line, and a link that asks for them.
import { execFile } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { expect, expectAccessible, test } from "./fixtures.ts";

const OPS = "attn_pre_proj,attn_post_proj,mlp_up_proj,mlp_down_proj,mlp_act,attn_rope,input_layernorm,add,all_reduce";
const times = (ms: number): string => Array.from({ length: 9 }, () => ms).join(",");
const tables = {
  "ops.csv": `num_tokens,${OPS}\n1,${times(0.02)}\n4096,${times(0.9)}\n`,
  "attn_decode.csv": "batch_size,kv_cache_size,attn_decode\n1,0,0.01\n1,4096,0.02\n64,0,0.02\n64,4096,0.5\n",
  "attn_prefill.csv.gz": new Uint8Array(gzipSync("chunk,kv0,kv4096\n1,0.01,0.1\n4096,1,4\n")),
};

test("dropped tables time the batches, a bad file changes nothing, a reload keeps them", async ({ page, workbench }) => {
  await workbench.open();
  await workbench.dropFiles(tables);
  await expect(page.getByRole("status").filter({ hasText: "3 tables of operator times" })).toBeVisible();
  await workbench.section("Model and GPUs");
  const setup = page.getByRole("complementary", { name: "Setup" });
  await expect(setup.getByRole("combobox", { name: "Latency" })).toHaveValue("operator-table");
  await expect(setup).toContainText("ops.csv +2");
  await expect(setup).toContainText("Measured to, decodes");
  await expect(setup).toContainText("allows more than the 64 decoding requests that the profile was measured for");
  await expectAccessible(page);
  await workbench.expectMoving();

  // The second run has the profile too, and knows the operators.
  await page.getByRole("button", { name: "Batches and time" }).click();
  const part = page.getByRole("region", { name: "Batches and time" });
  await expect(part).toContainText("attn_decode", { timeout: 40_000 });

  await workbench.drop("attn_decode.csv", tables["attn_decode.csv"].replace("0.5", "slow"));
  const refused = page.getByRole("alert").filter({ hasText: 'attn_decode.csv, line 5: attn_decode is "slow"' });
  await expect(refused).toContainText("The latency model stays as it was.");
  await expect(setup).toContainText("ops.csv +2");

  await page.reload();
  await workbench.section("Model and GPUs");
  await expect(setup).toContainText("ops.csv +2");
  await expect(workbench.story).toContainText(/requests/);
});

test("a fitted model is dropped like a profile, and times the batches", async ({ page, workbench }) => {
  await workbench.open();
  const ranges = { P: [0, 2048], D: [0, 64], T: [1, 2100], context: [1, 4096] };
  const model = {
    format: "goodput-latency-model",
    version: 1,
    dictionary: 1,
    form: "linear",
    terms: Object.entries({ "1": 0.01, T: 3e-5, C: 2e-8 }).map(([term, coefficient]) => ({ term, coefficient })),
    errors: { mapePct: 3, p95Pct: 9 },
    hull: { mixed: ranges },
    source: { file: "measured.csv", rows: 300 },
  };
  await workbench.drop("model.json", JSON.stringify(model));
  await expect(page.getByRole("status").filter({ hasText: "a fitted model with 3 terms" })).toBeVisible();
  // At once: on a slow machine the run is over before the setup has been read.
  await workbench.expectMoving();
  await workbench.section("Model and GPUs");
  const setup = page.getByRole("complementary", { name: "Setup" });
  await expect(setup.getByRole("combobox", { name: "Latency" })).toHaveValue("fitted");
  await expect(setup).toContainText("model.json");
  await expect(setup).toContainText("Error of held-out rows");
  await expectAccessible(page);
});

test("files of one profile may come one after the other", async ({ page, workbench }) => {
  await workbench.open();
  const [first, ...rest] = Object.entries(tables);
  await workbench.drop(...first!);
  await expect(page.getByRole("status").filter({ hasText: "still lacks decode attention" })).toBeVisible();
  for (const [name, content] of rest) await workbench.drop(name, content);
  await expect(page.getByRole("status").filter({ hasText: "3 tables of operator times" })).toBeVisible();
  await workbench.dropFiles({ "ops.csv": tables["ops.csv"], "notes.txt": "hello" });
  await expect(page.getByRole("alert").filter({ hasText: "notes.txt is not part of a profile" })).toBeVisible();
});

test("operator tables give the same summary as the command line, and their link asks for the files where they are missing", async ({
  page,
  workbench,
  browser,
  baseURL,
}) => {
  await workbench.open();
  await workbench.dropFiles(tables);
  await expect(page.getByRole("status").filter({ hasText: "3 tables of operator times" })).toBeVisible();
  await workbench.finish();
  const scenario = await workbench.downloadOf(() => workbench.command("Export this scenario"));
  const files = await workbench.runFiles();
  const folder = test.info().outputPath("cli");
  await mkdir(`${folder}/tables`, { recursive: true });
  for (const [name, content] of Object.entries(tables)) await writeFile(`${folder}/tables/${name}`, content);
  await writeFile(`${folder}/scenario.json`, scenario.text);
  const words = ["run", `${folder}/scenario.json`, "--profile", `${folder}/tables`, "--out", `${folder}/out`];
  await promisify(execFile)(process.execPath, ["--import", "tsx", "src/cli/main.ts", ...words]);
  expect(files["summary.json"] === (await readFile(`${folder}/out/summary.json`, "utf8"))).toBe(true);

  const link = await workbench.link();
  // Another browser: nothing is kept there.
  const elsewhere = await browser.newContext(baseURL === undefined ? {} : { baseURL });
  const other = await elsewhere.newPage();
  await other.goto(link);
  await expect(other.getByRole("alert")).toContainText("takes its times from the profile ops.csv +2, which is not on this machine");
  const chooser = other.waitForEvent("filechooser");
  await other.getByRole("button", { name: "Choose ops.csv +2" }).click();
  await (
    await chooser
  ).setFiles(Object.entries(tables).map(([name, content]) => ({ name, mimeType: "text/csv", buffer: Buffer.from(content) })));
  await expect(other.getByRole("region", { name: "The run in one sentence" })).toContainText(/requests/);
  await expect(other.getByRole("alert")).toHaveCount(0);
  await elsewhere.close();
});
