// Tables of measured runs: rows by column name, and the names that measurers give to GPUs and models.
import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { gpus, models } from "../src/catalog/index.ts";
import type { Gpu, Model } from "../src/catalog/types.ts";

/** A row of a CSV file, cells by column. */
export type Row = Readonly<Record<string, string>>;

/** Rows of a CSV file, packed where its name says so; cells in quotes may hold commas. No file, no rows. */
export function rowsOf(path: string): readonly Row[] {
  if (!existsSync(path)) return [];
  const bytes = readFileSync(path);
  const lines = (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8").trim().split(/\r?\n/);
  const cells = (line: string): string[] => [...line.matchAll(/("[^"]*"|[^,]*)(?:,|$)/g)].map((match) => match[1]!.replaceAll('"', ""));
  const head = cells(lines[0]!);
  return lines.slice(1).map((line) => {
    const values = cells(line);
    return Object.fromEntries(head.map((name, i) => [name, values[i] ?? ""]));
  });
}

/** A number of a row; null where the cell is blank or absent. */
export function numberIn(row: Row, column: string): number | null {
  const cell = row[column] ?? "";
  if (cell === "") return null;
  const value = Number(cell);
  if (Number.isNaN(value)) throw new Error(`Column ${column} has "${cell}" where a number belongs.`);
  return value;
}

/** A number that a row must have. */
export function need(row: Row, column: string): number {
  const value = numberIn(row, column);
  if (value === null) throw new Error(`Column ${column} is blank: the run cannot be repeated without it.`);
  return value;
}

/** A run that cannot be repeated because the product lacks something that it needs: listed, not counted. */
export class NotModelled extends Error {}

/** 16 layers of 2048, 32 heads of 64 over 8 KV heads, FFN 8192, tied table of 128256 (meta-llama/Llama-3.2-1B, config.json). */
const llama1b = (): Model => ({
  ...models.find(({ id }) => id === "llama-3-8b")!,
  id: "llama-3.2-1b",
  name: "Llama 3.2 1B",
  layers: 16,
  hidden: 2048,
  headDim: 64,
  ffn: 8192,
  tiedEmbeddings: true,
});

export function modelNamed(name: string): Model {
  const id = name
    .replace(/^.*\//, "")
    .toLowerCase()
    .replace(/^meta-/, "")
    .replace(/-(hf|instruct|fp8|v0\.1|nvfp4)(?=-|$)/g, "");
  const found = id === "llama-3.2-1b" ? llama1b() : models.find((model) => model.id === id);
  if (found === undefined) throw new NotModelled(`the catalog has no model ${name}`);
  return found;
}

/** By the start of the name, longest first. A100 of the online runs is the 80 GB one, of the offline sweeps the 40 GB one (both as stated by their authors). */
const GPU_NAMES: readonly (readonly [string, string])[] = [
  ["h100", "h100-sxm"],
  ["h200", "h200-sxm"],
  ["b200", "b200-sxm"],
  ["a100-80", "a100-80-sxm"],
  ["a100", "a100-40-sxm"],
  ["a10g", "a10g"],
  ["l40s", "l40s"],
  ["rtx pro 6000", "rtx-pro-6000"],
  ["gaudi2", "gaudi2"],
];

export function gpuNamed(name: string): Gpu {
  const id = GPU_NAMES.find(([start]) => name.toLowerCase().startsWith(start))?.[1];
  const found = gpus.find((gpu) => gpu.id === id);
  if (found === undefined) throw new NotModelled(`no GPU of the catalog is known as ${name}`);
  return found;
}
