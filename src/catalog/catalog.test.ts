import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { gpuById, gpus, modelById, models } from "./index.ts";
import type { Fact, Model } from "./types.ts";

const hardware = new URL("../../../shared/data/hardware/", import.meta.url);
const haveHardware = existsSync(hardware);
if (!haveHardware) console.warn("skipped: ../shared/data/hardware is not here, the catalog is not compared with it");
/** `any`: the fields are checked by the comparison itself. */
// oxlint-disable-next-line typescript/no-explicit-any
type Row = Record<string, any> & { id: string };
const read = (file: string, key: string): Row[] => JSON.parse(readFileSync(new URL(file, hardware), "utf8"))[key];

/** Counted anew from the shape; norms and biases are left out. */
function countParams(m: Model): { total: number; active: number } {
  const matrices = m.gatedFfn ? 3 : 2;
  const attention =
    m.mla === null
      ? 2 * m.hidden * m.heads * m.headDim + 2 * m.hidden * m.kvHeads * m.headDim
      : m.hidden * (m.mla.queryRank + m.mla.kvRank + m.mla.ropeDim) +
        m.mla.queryRank * m.heads * (m.mla.nopeDim + m.mla.ropeDim) +
        m.mla.kvRank * m.heads * (m.mla.nopeDim + m.mla.valueDim) +
        m.heads * m.mla.valueDim * m.hidden;
  const tables = (m.tiedEmbeddings ? 1 : 2) * m.vocab * m.hidden + (m.family === "opt" ? (m.maxContext + 2) * m.hidden : 0);
  const dense = matrices * m.hidden * m.ffn;
  if (m.moe === null) {
    const total = tables + m.layers * (attention + dense);
    return { total, active: total };
  }
  const expert = matrices * m.hidden * m.moe.ffn;
  const sparse = (n: number): number => (n + (m.moe?.sharedExperts ?? 0)) * expert + m.hidden * (m.moe?.experts ?? 0);
  const layers = (n: number): number =>
    m.layers * attention + (m.moe?.firstDenseLayers ?? 0) * dense + (m.layers - (m.moe?.firstDenseLayers ?? 0)) * sparse(n);
  return { total: tables + layers(m.moe.experts), active: tables + layers(m.moe.expertsPerToken) };
}

describe("catalog", () => {
  test("ids are unique and an unknown one names the known ones", () => {
    expect(gpuById("h100-sxm").name).toBe("NVIDIA H100 SXM5");
    expect(modelById("llama-3-8b").layers).toBe(32);
    expect(() => gpuById("h100")).toThrow(/^Unknown GPU "h100"\. Known: a10g, /);
    expect(() => modelById("gpt-2")).toThrow(/^Unknown model "gpt-2"\. Known: llama-2-7b, /);
  });

  test("every figure has a source and a date", () => {
    for (const entry of [...gpus, ...models]) {
      const facts = Object.entries(entry).filter(([, v]) => v !== null && typeof v === "object" && "source" in v) as [
        string,
        Fact<number | null>,
      ][];
      expect(facts.length).toBeGreaterThanOrEqual(4);
      for (const [key, fact] of facts) {
        expect(fact.source.length, `${entry.id} ${key}`).toBeGreaterThan(5);
        expect(fact.date, `${entry.id} ${key}`).toMatch(/^20\d\d-\d\d-\d\d$/);
        expect(fact.value === null || fact.value > 0, `${entry.id} ${key}`).toBe(true);
      }
    }
    for (const model of models) expect(model.source.length).toBeGreaterThan(5);
  });

  test.each(models.map((m) => [m.id, m] as const))("%s: parameters follow from the shape within 0.2 %%", (_id, model) => {
    const { total, active } = countParams(model);
    expect(Math.abs(total / model.params.value - 1)).toBeLessThan(0.002);
    expect(Math.abs(active / model.activeParams.value - 1)).toBeLessThan(0.002);
  });

  test.skipIf(!haveHardware)("every GPU of the hardware file, with its values", () => {
    const rows = read("gpus.json", "gpus");
    expect(gpus.map((g) => g.id)).toEqual(rows.map((r) => r.id));
    for (const row of rows) {
      const g = gpuById(row.id);
      const scaled = (x: number | null, scale: number): number | null => (x === null ? null : x * scale);
      expect(
        [
          g.name,
          g.vendor,
          g.architecture,
          g.launchYear,
          g.memoryBytes.value,
          g.memoryBytesPerS.value,
          g.bf16FlopsPerS.value,
          g.fp8FlopsPerS.value,
          g.linkBytesPerS.value,
          g.linkName,
          g.scaleUpDomain.value,
          g.hostBytesPerS.value,
          g.tdpWatts.value,
          g.pricePerHour.value,
        ],
        row.id,
      ).toEqual([
        row.name,
        row.vendor,
        row.architecture,
        row.launchYear,
        row.memoryBytes,
        row.memoryBandwidthGBs * 1e9,
        row.bf16DenseTflops * 1e12,
        scaled(row.fp8DenseTflops, 1e12),
        row.scaleUpLinkGBsPerDirection * 1e9,
        row.scaleUpTech,
        row.scaleUpDomainSize,
        scaled(row.hostLinkGBsPerDirection, 1e9),
        row.tdpW,
        row.priceUsdPerGpuHour,
      ]);
      if (row.specConfidence === "from-memory") expect(g.memoryBytesPerS.note).toMatch(/from memory/);
      if (row.priceKind !== "on-demand") expect(g.pricePerHour.note).toBeTruthy();
    }
  });

  test.skipIf(!haveHardware)("every model of the hardware file, with its values", () => {
    const rows = read("models.json", "models");
    expect(models.map((m) => m.id)).toEqual(rows.map((r) => r.id));
    for (const row of rows) {
      const m = modelById(row.id);
      expect(
        [
          m.name,
          m.family,
          m.layers,
          m.hidden,
          m.heads,
          m.kvHeads,
          m.headDim,
          m.attention,
          m.ffn,
          m.gatedFfn,
          m.vocab,
          m.tiedEmbeddings,
          m.maxContext,
          m.nativeDtype,
          m.weightBytes.value,
          m.kvBytesPerToken.value,
          m.slidingWindow?.tokens ?? null,
        ],
        row.id,
      ).toEqual([
        row.name,
        row.family,
        row.numLayers,
        row.hiddenSize,
        row.numHeads,
        row.numKvHeads,
        row.headDim,
        row.attention,
        row.ffnSize,
        row.gatedFfn,
        row.vocabSize,
        row.tiedEmbeddings,
        row.maxContext,
        row.nativeDtype,
        row.weightBytesFp16,
        row.kvBytesPerTokenFp16,
        row.slidingWindow,
      ]);
      expect(m.params.value / 1e9).toBeCloseTo(row.paramsB, 3);
      expect(m.activeParams.value / 1e9).toBeCloseTo(row.activeParamsB, 3);
      expect(m.moe).toEqual(
        row.isMoe
          ? {
              experts: row.numExperts,
              expertsPerToken: row.expertsPerToken,
              ffn: row.moeFfnSize,
              sharedExperts: row.sharedExperts ?? 0,
              firstDenseLayers: row.firstDenseLayers ?? 0,
            }
          : null,
      );
      const mla = row.mla as Record<string, number> | null;
      expect(m.mla).toEqual(
        mla === null
          ? null
          : {
              queryRank: mla["qLoraRank"],
              kvRank: mla["kvLoraRank"],
              ropeDim: mla["qkRopeHeadDim"],
              nopeDim: mla["qkNopeHeadDim"],
              valueDim: mla["vHeadDim"],
            },
      );
    }
  });
});
