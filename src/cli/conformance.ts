// npm run -s conformance -- <suite> [folder]: others' results, run for run. One line per case; status 1 if any case failed, 2 for bad input.
import { statSync } from "node:fs";
import { suites } from "../../conformance/index.ts";
import { hint } from "../scenario/suggest.ts";

async function main([id, folder = ""]: readonly string[]): Promise<number> {
  const known = Object.keys(suites);
  const bad = (text: string): number => {
    process.stderr.write(`${text}\n`);
    return 2;
  };
  const load = id !== undefined && Object.hasOwn(suites, id) ? suites[id] : undefined;
  if (id === undefined || load === undefined)
    return bad(
      id === undefined
        ? `Usage: npm run -s conformance -- <suite> [folder]. Suites: ${known.join(", ")}.`
        : `Unknown suite "${id}".${hint(id, known)}`,
    );
  const { suite } = await load();
  if (suite.needsFolder && !(folder !== "" && statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true))
    return bad(
      folder === ""
        ? `Suite ${id} needs a folder: npm run -s conformance -- ${id} <folder>.`
        : `${folder}: There is no such folder. Give the folder of suite ${id}.`,
    );

  let passed = 0;
  let failed = 0;
  const report = (name: string, ok: boolean, detail: string): void => {
    if (ok) passed++;
    else failed++;
    process.stdout.write(`${ok ? "ok" : "FAIL"} ${name} ${detail.replace(/\s*\n\s*/g, " ")}\n`);
  };
  const note = (text: string): void => void process.stdout.write(`note ${text.replace(/\s*\n\s*/g, " ")}\n`);
  try {
    await suite.run(folder, report, note);
    if (passed + failed === 0) report(id, false, `no case was found${folder === "" ? "" : ` in ${folder}`}`);
  } catch (error) {
    report(id, false, `the suite stopped: ${error instanceof Error ? error.message : String(error)}`);
  }
  process.stdout.write(`conformance ${id}: ${passed} passed, ${failed} failed\n`);
  return failed > 0 ? 1 : 0;
}

process.exitCode = await main(process.argv.slice(2));
