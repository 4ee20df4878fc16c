// The name of a run: the hash of its scenario, which holds all that decides it (traces and profiles by their hashes). The same wherever and whenever it runs.
import { hashScenario } from "../scenario/hash.ts";
import { normalise } from "../scenario/normalise.ts";
import type { Scenario } from "../scenario/types.ts";

export const runId = (scenario: Scenario): string => hashScenario(normalise(scenario));
