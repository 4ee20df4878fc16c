// What is kept of a sweep while it runs: one file per run that is done, written whole, in a folder of its own under --out. An interruption, or a machine that
// goes down, loses only the runs that were under way.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readRow, rowText } from "../analysis/sweep-rows.ts";
import type { PlanRows } from "../analysis/sweep-rows.ts";
import type { MeasuredAnswer } from "../analysis/types.ts";
import { InputError, systemReason } from "./input-error.ts";

const FOLDER = ".runs";

export interface SweepStore {
  /** Rows that were there already. */
  readonly found: number;
  keep(id: string, answer: MeasuredAnswer): void;
  /** Nothing of it is needed any more. */
  clear(): void;
}

const rowFiles = (folder: string): string[] => readdirSync(folder).filter((name) => /^[0-9a-f]{64}\.json$/.test(name));

/** Reads what a stopped sweep left in a folder of results; 0 where there is nothing. */
export function readStore(out: string, rows: PlanRows): number {
  const folder = join(out, FOLDER);
  if (!existsSync(folder)) return 0;
  let found = 0;
  for (const name of rowFiles(folder).sort()) {
    const row = readRow(parsed(join(folder, name)));
    if (row === null || `${row.id}.json` !== name) continue;
    rows.add(row.id, row.answer);
    found++;
  }
  return found;
}

/** A file that is not JSON is a row that was never finished. */
function parsed(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as unknown;
  } catch {
    return null;
  }
}

export function openStore(out: string, resume: boolean, rows: PlanRows): SweepStore {
  const folder = join(out, FOLDER);
  const fresh = !existsSync(out);
  try {
    if (!resume && existsSync(folder) && rowFiles(folder).length > 0)
      throw new InputError(
        `--out ${out}: It holds ${rowFiles(folder).length} runs of a sweep that was stopped. Go on with --resume, or remove ${folder}.`,
      );
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`--out ${out}: The folder cannot be written to: ${systemReason(error)}. Give a folder that you may write to.`);
  }
  const found = resume ? readStore(out, rows) : 0;
  return {
    found,
    keep: (id, answer) => {
      const file = join(folder, `${id}.json`);
      try {
        writeFileSync(`${file}.part`, `${rowText(id, answer)}\n`);
        renameSync(`${file}.part`, file);
      } catch (error) {
        throw new InputError(`${file}: It cannot be written: ${systemReason(error)}. Make room, then go on with --resume.`);
      }
    },
    clear: () => {
      rmSync(folder, { recursive: true, force: true });
      if (fresh && existsSync(out) && readdirSync(out).length === 0) rmdirSync(out);
    },
  };
}
