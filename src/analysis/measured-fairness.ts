// What each tenant of a run was served: loaded where somebody asks for it.
import { measureFairness } from "../scenario/fairness-report.ts";
import type { Run } from "../scenario/run.ts";
import type { Scenario } from "../scenario/types.ts";
import type { MeasuredFairness } from "./types.ts";

/** Of a run that kept its requests. */
export function measuredFairness(scenario: Scenario, run: Run, at: readonly number[]): MeasuredFairness {
  const { requests, fleet } = run.results();
  const tenants = run.config.tenants.map(({ name }) => name);
  const { report, artifact } = measureFairness({ scenario, requests: requests!, fleet, tenants });
  const { gap, serviceRate, responseTime } = artifact.series(Float64Array.from(at));
  return { report, gap: [...gap], service: serviceRate.map((rates) => [...rates]), response: responseTime.map((times) => [...times]) };
}
