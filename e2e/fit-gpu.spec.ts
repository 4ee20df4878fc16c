// The fit's GPU kernels on a software adapter, forced: the processor's bits, also when the device is lost. An absent adapter fails the test.
import { test as base, expect, type Page } from "@playwright/test";
import type { FitHarness } from "../bench/fit-page.ts";
import { bundleFolder } from "../scripts/lib/bundle-folder.mjs";
import { serveFolder } from "../scripts/lib/static-server.mjs";
import { testTable } from "../src/latency/fit/testing-table.ts";

declare const fitHarness: FitHarness;

const test = base.extend<{ fitPage: Page }, { fitAddress: string }>({
  fitAddress: [
    // Playwright reads which fixtures are asked for from the pattern.
    // eslint-disable-next-line no-empty-pattern
    async ({}, provide) => {
      await bundleFolder("bench/fit-page.ts", ".cache/fit-page");
      const server = await serveFolder(".cache/fit-page", { port: 0 });
      await provide(server.address);
      await server.close();
    },
    { scope: "worker" },
  ],
  fitPage: async ({ page, fitAddress }, provide) => {
    await page.goto(fitAddress);
    await page.waitForFunction(() => "fitHarness" in globalThis);
    await provide(page);
  },
});

// Compiling the kernels on the processor takes seconds, and many times that on a busy machine.
test.describe.configure({ timeout: 120_000 });

test("sums of the GPU are the processor's to the last bit: one row, odd sizes, more than a slab, more than a block of replicates", async ({
  fitPage,
}) => {
  for (const [rows, terms, replicates] of [
    [1, 2, 4],
    [31, 5, 200],
    [4097, 8, 258],
  ] as const) {
    const found = await fitPage.evaluate(([r, t, b]) => fitHarness.sumsOnGpu(r, t, b, 2 ** 33 + 7, b), [rows, terms, replicates] as const);
    expect(found).toMatchObject({ different: 0, compared: (replicates * (terms + 1) * (terms + 2)) / 2 });
    expect(found.adapter).not.toBe("");
  }
});

test("out-of-bag residuals of the GPU: counts are the processor's, residuals and their spread within 32 bits of it", async ({
  fitPage,
}) => {
  for (const [rows, terms, replicates] of [
    [1, 2, 6],
    [4097, 8, 258],
  ] as const) {
    const found = await fitPage.evaluate(([r, t, b]) => fitHarness.residualsOnGpu(r, t, b, 2 ** 33 + 7), [
      rows,
      terms,
      replicates,
    ] as const);
    test.info().annotations.push({ type: "measured", description: JSON.stringify(found) });
    expect(found.different).toBe(0);
    // Poisson(1) leaves a row out of 0.368 of the replicates.
    expect(Math.abs(found.counted / (rows * replicates) - 0.368)).toBeLessThan(rows === 1 ? 0.7 : 0.005);
    expect(found.mean).toBeLessThan(2e-7);
    expect(found.spread).toBeLessThan(2e-7);
  }
});

test("planes of a roofline searched on the GPU lead to those of the processor; a device that is lost says so", async ({ fitPage }) => {
  for (const [rows, planes, within] of [
    [1024, 2, 0.0002],
    [2048, 3, 0.0008],
  ] as const) {
    const found = await fitPage.evaluate(([r, p]) => fitHarness.rooflineOnGpu(r, p, 48, false), [rows, planes] as const);
    test.info().annotations.push({ type: "measured", description: JSON.stringify(found) });
    expect(found).toMatchObject({ error: "", starts: 48 });
    // Single starts differ in 32 bits: the polished optimum is what counts.
    expect(found.near).toBeGreaterThan(40);
    expect(Math.abs(found.gpu / found.cpu - 1)).toBeLessThan(within);
  }
  const lost = await fitPage.evaluate(() => fitHarness.rooflineOnGpu(512, 2, 16, true));
  expect(lost).toMatchObject({ error: "it was lost", starts: 0 });
});

test("a device that is lost in the second block: the processor goes on, same bits, and one line says so", async ({ fitPage }) => {
  const found = await fitPage.evaluate(() => fitHarness.bootstrapWithLoss(9000, 2, 600, 300));
  expect(found).toMatchObject({ same: true, length: 1200, devices: ["gpu", "cpu"] });
  expect(found.residualsApart).toBeLessThan(2e-7);
  expect(found.lines).toEqual(["GPU left after replicate 256 (it was lost): finished on the CPU, same result."]);
});

test("a fit in the worker gives the same model on either device, and a cancel is heeded within 200 ms", async ({ fitPage }) => {
  const text = testTable(400);
  const request = { form: "tokens", replicates: 400, seed: 20260101 } as const;
  const run = (device: "gpu" | "cpu") =>
    fitPage.evaluate(([table, asked]) => fitHarness.fitInWorker(table, asked), [text, { ...request, device }] as const);
  const gpu = await run("gpu");
  const cpu = await run("cpu");
  expect(gpu.answer.badge).toMatchObject({ device: "gpu", line: "" });
  expect(gpu.answer.badge.adapter).not.toBe("");
  expect(cpu.answer.badge).toMatchObject({ device: "cpu", adapter: "" });
  expect(gpu.model).toBe(cpu.model);
  expect(gpu.kinds).toContain("progress gpu");
  const stopped = await fitPage.evaluate(([table, asked]) => fitHarness.fitInWorker(table, asked, "intervals"), [
    testTable(3000),
    { ...request, device: "cpu", replicates: 2000 },
  ] as const);
  expect(stopped.answer).toMatchObject({ cancelled: true, chosen: "tokens" });
  expect(stopped.cancelMs).toBeLessThan(200);
});
