// Batch time as a sum of measured operator times: the execution-time model of Vidur (Agrawal et al., MLSys 2024; microsoft/vidur@7d47513).
// This file is what lists and forms need; operator-table-model.ts does the work and is loaded only where a scenario names a profile.
import { number, profile } from "../engine/params.ts";
import type { Values } from "../engine/params.ts";
import { LatencyProblem, defineLatency } from "./types.ts";
import { openOf } from "./named-profile.ts";
import type { Overheads } from "./types.ts";

/** Of Vidur's profiles; where a pool does not say its own. */
const BLOCK_SIZE = 16;

const microseconds = (label: string, help: string) => number(0, help, { label, min: 0, max: 1e6, unit: "us" });

export const params = {
  profile: profile("Operator times: Vidur's profile CSVs, or tables exported from it. Several files together are one profile."),
  cpuPerIteration: microseconds("CPU per iteration", "Host time of every iteration and stage. Vidur's default: none."),
  cpuPerRequest: microseconds("CPU per request", "Host time per request in the batch. Vidur's default: none."),
};

export const overheadsOf = (values: Values<typeof params>): Overheads => ({
  perIteration: values.cpuPerIteration * 1e-6,
  perRequest: values.cpuPerRequest * 1e-6,
});

export const operatorTable = defineLatency({
  kind: "latency",
  id: "operator-table",
  label: "Operator table",
  help: "Sum of measured operator times, as in Vidur. It holds for the GPU and engine of the profile, whatever the pool names.",
  reads: ["prefillTokens", "prefillRequests", "prefillContext", "prefillSquares", "decodeRequests", "decodeContext"],
  params,
  create: (values, shard, context) => {
    const open = openOf(values, context);
    if (open === undefined)
      throw new LatencyProblem(
        values.profile === null
          ? "The operator table has no profile. Give its files with --profile, or drop them on the page."
          : `The scenario needs the profile "${values.profile.file}" (SHA-256 ${values.profile.hash}). Give its files with --profile, or drop them on the page.`,
      );
    if (open.kind !== "operators")
      throw new LatencyProblem(`${values.profile!.file} is a fitted model: choose the latency "fitted", or give operator times.`);
    return open.create(shard, overheadsOf(values), context?.blockSize ?? BLOCK_SIZE);
  },
  explain: (values, shard, context) => {
    const open = openOf(values, context);
    return open?.kind === "operators" ? open.explain(shard, overheadsOf(values), context?.blockSize ?? BLOCK_SIZE) : [];
  },
});
