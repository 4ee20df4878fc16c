// The entry of the bundle that the bare shells and the browser worker load: text in, text out.
import type { Scenario } from "../../src/scenario/types.ts";
import { runCase } from "./run-case.ts";

/** Outcomes of all scenarios, leaping and stepping, as JSON: [[leaping, stepping], ...]. A run that throws gives its message. */
export function runAll(scenarios: readonly Scenario[]): string {
  return JSON.stringify(
    scenarios.map((scenario) =>
      [false, true].map((step) => {
        try {
          return runCase(scenario, step);
        } catch (error) {
          return { error: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
        }
      }),
    ),
  );
}
