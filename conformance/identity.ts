// Suite "identity": the same scenario gives the same bytes in every JavaScript engine, leaping and stepping.
import type { Scenario } from "../src/scenario/types.ts";
import { parseScenario } from "../src/scenario/schema.ts";
import type { EngineAnswer } from "./identity/engines.ts";
import { askEngines } from "./identity/engines.ts";
import { runCase } from "./identity/run-case.ts";
import type { Outcome } from "./identity/run-case.ts";
import { cases } from "./identity/scenarios.ts";
import type { Suite } from "./suite.ts";

const MODES = ["leaping", "stepping"] as const;

/** Where an answer first departs from the reference: a sentence, or null when it is the same. */
function difference(expected: Outcome, found: Outcome | { readonly error: string } | undefined): string | null {
  if (found === undefined) return "gave no answer";
  if ("error" in found) return found.error;
  for (const [file, hash] of Object.entries(expected.files))
    if (found.files[file] !== hash) return `${file} has hash ${found.files[file]}, not ${hash}`;
  return null;
}

export const suite: Suite = {
  id: "identity",
  about:
    "The four files of every run, by hash: equal in V8 (Node), a Chromium worker, JavaScriptCore and SpiderMonkey, leaping and stepping. No tolerance: a difference in one bit is a failure.",
  needsFolder: false,
  async run(_folder, report) {
    const scenarios: Scenario[] = [];
    for (const { name, scenario } of cases) {
      const parsed = parseScenario({ version: 1, name, ...scenario });
      if (!parsed.ok) throw new Error(`${name}: ${parsed.errors.join(" ")}`);
      scenarios.push(parsed.scenario);
    }
    const answers = await askEngines(scenarios);
    const asked = answers.filter((engine): engine is Extract<EngineAnswer, { answer: unknown }> => "answer" in engine);
    const skipped = answers.flatMap((engine) => ("skipped" in engine ? [`${engine.name} (${engine.skipped})`] : []));

    cases.forEach(({ name }, index) => {
      const scenario = scenarios[index]!;
      const reference = runCase(scenario, false);
      const problems: string[] = [];
      const stepped = difference(reference, runCase(scenario, true));
      if (stepped !== null) problems.push(`Node stepping: ${stepped}`);
      for (const engine of asked)
        MODES.forEach((mode, m) => {
          const problem = difference(reference, engine.answer[index]?.[m]);
          if (problem !== null) problems.push(`${engine.name} ${mode}: ${problem}`);
        });
      const where = ["Node", ...asked.map((engine) => engine.name)].join(", ");
      const left = skipped.length > 0 ? `; skipped: ${skipped.join(", ")}` : "";
      const figure = `${reference.files["summary.json"]} (${reference.requests} requests, ${reference.preemptions} preemptions) in ${where}`;
      report(name, problems.length === 0, (problems.length === 0 ? figure : problems.join("; ")) + left);
    });
  },
};
