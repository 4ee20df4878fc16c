// Suite workloads: traffic generated from files of measured facts, against the statistics in the same files.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { presetFacts } from "../src/workload/presets/index.ts";
import { attempt } from "./suite.ts";
import type { Report, Suite } from "./suite.ts";
import { checkArrivals } from "./workload-arrivals.ts";
import type { FactsFile } from "./workload-generate.ts";
import { checkLengths } from "./workload-lengths.ts";

/** First place where `embedded` says something else than `file`; the file may say more. */
function differs(embedded: unknown, file: unknown, path: string): string | null {
  if (typeof embedded !== "object" || embedded === null)
    return Object.is(embedded, file) ? null : `${path} is ${String(embedded)}, in the file ${String(file)}`;
  if (typeof file !== "object" || file === null) return `${path} is not in the file`;
  if (Array.isArray(embedded) && (file as unknown[]).length !== embedded.length) return `${path} has another length`;
  for (const [key, value] of Object.entries(embedded)) {
    const found = differs(value, (file as Record<string, unknown>)[key], path === "" ? key : `${path}.${key}`);
    if (found !== null) return found;
  }
  return null;
}

function checkPreset(file: FactsFile, report: Report): void {
  const embedded = presetFacts.find((facts) => facts.id === file.id);
  if (embedded === undefined) return;
  const found = differs(embedded, file, "");
  report(`${file.id} preset`, found === null, found ?? "agrees with the file");
}

export const suite: Suite = {
  id: "workloads",
  about:
    "Generated lengths against each table: Kolmogorov-Smirnov distance at most 0.03, mean within 2 %; arrivals: rate, Fano factor and CV against the file, tolerances with their reasons in workload-arrivals.ts.",
  needsFolder: true,
  run: async (folder, report) => {
    const names = (await readdir(folder)).filter((name) => name.endsWith(".json")).sort();
    for (const name of names)
      await attempt(name, report, async () => {
        const file = JSON.parse(await readFile(join(folder, name), "utf8")) as FactsFile;
        checkPreset(file, report);
        checkLengths(file, report);
        checkArrivals(file, report);
      });
  },
};
