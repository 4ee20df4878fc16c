// The lab's preset on the lab's own trace gives what its simulator gave. Reads ../shared.
import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { everything } from "../everything.ts";
import type { Trace } from "../../workload/types.ts";
import { createRun } from "../run.ts";
import { withTrace } from "../with-trace.ts";
import { inferlineLab } from "./inferline-lab.ts";

const RUNS = "../shared/reference/vidur/lab3/runs.json";
const TRACE = "../shared/data/traces/vidur/lab3_synthetic_trace1_1hr.csv.gz";
const here = existsSync(RUNS) && existsSync(TRACE);
if (!here) console.warn(`skipped: ${RUNS} or ${TRACE} is not here, the lab's preset is not compared with the lab's runs`);

function traceOf(path: string): Trace {
  const rows = gunzipSync(readFileSync(path))
    .toString()
    .trimEnd()
    .split("\n")
    .slice(1)
    .map((line) => line.split(",").map(Number));
  const { length } = rows;
  return {
    length,
    arrivedAt: Float64Array.from(rows, (row) => row[0]!),
    promptTokens: Int32Array.from(rows, (row) => row[1]!),
    outputTokens: Int32Array.from(rows, (row) => row[2]!),
    tenant: new Uint16Array(length),
    tenantNames: ["everyone"],
    session: null,
    prefix: null,
  };
}

interface Recorded {
  readonly name: string;
  readonly total_cost: number;
  readonly e2e_p90: number;
}

describe.skipIf(!here)("inferline-lab on the trace of the lab", () => {
  const recorded = here ? (JSON.parse(readFileSync(RUNS, "utf8")) as Recorded[]) : [];

  // Asked are 2 % and 5 %: with a table by tokens in place of the operators the figures agree far better.
  test.each([
    ["inferline_default", 1],
    ["u0.85", 0.85],
  ])("%s", (name, utilisation) => {
    const wanted = recorded.find((run) => run.name === name)!;
    const { scenario } = inferlineLab;
    const pools = scenario.pools.map((pool) => ({ ...pool, autoscaling: { id: "inferline", params: { utilisation } } }));
    const onTrace = withTrace({ ...scenario, pools }, { hash: "0".repeat(64), file: "lab.csv" });
    const run = createRun(onTrace, {
      trace: traceOf(TRACE),
      step: false,
      workloads: [],
      ...everything,
      keepRequests: true,
    });
    run.runUntil(Infinity);
    const { cost, e2e, requests } = run.results().summary;
    expect(requests.completed).toBe(126_000);
    expect(Math.abs(cost.total / wanted.total_cost - 1)).toBeLessThan(0.005);
    expect(Math.abs(e2e.p90! / wanted.e2e_p90 - 1)).toBeLessThan(0.01);
  });
});
