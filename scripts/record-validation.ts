// Writes the figures of the Validation screen from a folder of measured runs: node --import tsx scripts/record-validation.ts ../shared/data/measured
import { writeFileSync } from "node:fs";
import { checkAll } from "../conformance/measured.ts";

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error("Give the folder of measured runs.");
  process.exit(2);
}
const { sets, ...rest } = await checkAll(
  folder,
  (name, ok) => console.error(`${ok ? "ok  " : "FAIL"} ${name}`),
  () => undefined,
);
// A line per run, so that a change shows as the runs that changed.
const lines = sets.map(({ shown, ...set }) => {
  const runs = shown.map((run) => `      ${JSON.stringify(run)}`).join(",\n");
  return `    ${JSON.stringify(set).slice(0, -1)},"shown":[\n${runs}\n    ]}`;
});
const head = JSON.stringify(rest, null, 2).slice(0, -2);
writeFileSync("src/web/views/validation/figures.json", `${head},\n  "sets": [\n${lines.join(",\n")}\n  ]\n}\n`);
