// Facts of a workload -> a source of requests.
import { withDefaults } from "../../engine/params.ts";
import { openSource, openStreams, plainBodies } from "../source.ts";
import type { RequestBodies, SourceOptions, WorkloadSource } from "../source.ts";
import type { ArrivalDefinition, ArrivalProcess } from "../synth/types.ts";
import { arrivalsFromFacts, rateOf } from "./arrivals.ts";
import { branchingBodies, isBranching } from "./branches.ts";
import type { WorkloadFacts } from "./facts.ts";
import { lengthsFromFacts } from "./lengths.ts";
import { systemPromptBodies } from "./system-prompts.ts";
import { turnLaw } from "./turns.ts";
import { turnSource } from "./turn-source.ts";

/** An arrival process to use instead of the measured one, with the values that the user has set. */
export interface ArrivalChoice {
  readonly definition: ArrivalDefinition;
  readonly values: Readonly<Record<string, unknown>>;
}

/** Values with defaults; the mean rate is `rate` unless the user has set a rate (or a table of rates) of their own. */
function valuesAt(choice: ArrivalChoice, rate: number): Readonly<Record<string, never>> {
  const { definition, values } = choice;
  const full = withDefaults(definition.params, values);
  const ownRate = "rate" in values || "rates" in values;
  return (ownRate || !definition.withRate ? full : definition.withRate(full, rate)) as Readonly<Record<string, never>>;
}

export function sourceFromFacts(facts: WorkloadFacts, replace: ArrivalChoice | null, options: SourceOptions): WorkloadSource {
  const { stream, states } = openStreams(options.random);
  const law = turnLaw(facts, stream);
  const turnsEach = law?.meanTurns ?? 1;
  const countsSessions = facts.arrivals.model === "session-poisson";
  const requestRate = rateOf(facts.arrivals) * (countsSessions ? turnsEach : 1);
  const random = stream("arrivals");
  let arrivals: ArrivalProcess;
  if (replace === null) {
    arrivals = arrivalsFromFacts(facts.arrivals, { random, rateScale: options.rateScale / (countsSessions ? 1 : turnsEach) });
  } else {
    // Rates are of requests: sessions start at a rate that gives as many. A process without a rate (closed loop) has users, one session each.
    const perStart = replace.definition.withRate ? turnsEach : 1;
    arrivals = replace.definition.create(valuesAt(replace, requestRate), { random, rateScale: options.rateScale / perStart });
  }
  const tenants = stream("tenants");
  if (law !== null) return turnSource(arrivals, law, states, options, tenants);
  let bodies: RequestBodies;
  if (isBranching(facts.sessions) && facts.lengths?.output_given_prompt) {
    bodies = branchingBodies(facts.sessions, facts.lengths.output_given_prompt, stream("lengths"));
  } else {
    const lengths = lengthsFromFacts(facts, stream("lengths"));
    bodies = facts.components?.sys_prompt ? systemPromptBodies(facts, lengths, stream) : plainBodies(lengths);
  }
  return openSource(arrivals, bodies, states, options, tenants);
}
