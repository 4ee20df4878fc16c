// The schema of a scenario, at the edge: files, links and --set pass it once, the code behind trusts. Never imported by the simulation worker.
// A scenario may name only what differs from base.ts; the schema fills in the rest.
import * as z from "zod";
import { baseFault, basePool, baseTenant, defaultScenario } from "./base.ts";
import { crossCheck } from "./cross-check.ts";
import { pathText, shown } from "./messages.ts";
import { normalise } from "./normalise.ts";
import { autoscaling } from "../policies/autoscaling/index.ts";
import { gpus, kvPlans, latencies, models } from "./registries.ts";
import { admission } from "../policies/admission/index.ts";
import { batching } from "../policies/batching/index.ts";
import { ordering } from "../policies/ordering/index.ts";
import { routing } from "../policies/routing/index.ts";
import { arrivals, lengths } from "../workload/synth/index.ts";
import { workloads } from "../workload/presets/index.ts";
import { choiceOf, hashOf, idOf, listOf, numberOf, objectOf, oneOf, textOf } from "./schema-params.ts";
import { SCENARIO_VERSION } from "./types.ts";
import type { Scenario } from "./types.ts";
import { upgrade } from "./upgrade.ts";

const seconds = (min = 0, max = 1e9): z.ZodNumber => numberOf({ min, max, unit: "s" });
const count = (min: number, max: number): z.ZodNumber => numberOf({ min, max, integer: true });
const scale = (): z.ZodNumber => numberOf({ min: 0.001, max: 1000 });

const sourceKinds = ["preset", "synthetic", "trace"];
const source = z.discriminatedUnion(
  "kind",
  [
    objectOf(
      {
        kind: z.literal("preset"),
        id: idOf(workloads, "workload").describe("A measured workload: its arrivals and lengths."),
        arrivals: choiceOf(arrivals, "arrival process").optional().describe("Replaces the measured arrival process."),
      },
      "field",
    ),
    objectOf(
      { kind: z.literal("synthetic"), arrivals: choiceOf(arrivals, "arrival process"), lengths: choiceOf(lengths, "length distribution") },
      "field",
    ),
    objectOf(
      {
        kind: z.literal("trace"),
        hash: hashOf().describe("SHA-256 of the file's uncompressed bytes, hexadecimal."),
        file: textOf("a file name", 255),
        from: seconds().default(0).describe("Start of the window, seconds of the trace."),
        to: seconds().nullable().default(null).describe("End of the window, seconds of the trace; null: to the end."),
        loop: z
          .boolean({ error: (issue) => `${shown(issue.input)} is not a yes or no. Give true or false.` })
          .default(false)
          .describe("Start again at the end."),
      },
      "field",
    ),
  ],
  {
    error: (issue) =>
      typeof issue.input === "object" && issue.input !== null
        ? `Unknown traffic source ${shown((issue.input as { kind?: unknown }).kind)}. Give kind as one of ${sourceKinds.join(", ")}.`
        : `${shown(issue.input)} is not a traffic source. Give an object with kind: one of ${sourceKinds.join(", ")}.`,
  },
);

const { traffic: baseTraffic, network: baseNetwork } = defaultScenario;
const traffic = objectOf(
  {
    source: source.default(baseTraffic.source as never),
    rateScale: scale().default(baseTraffic.rateScale).describe("Multiplies the arrival rate; compresses the time of a trace."),
    promptScale: scale().default(baseTraffic.promptScale).describe("Multiplies prompt lengths."),
    outputScale: scale().default(baseTraffic.outputScale).describe("Multiplies output lengths."),
    maxRequests: count(1, 1e8).nullable().default(baseTraffic.maxRequests).describe("Stop after this many requests; null: no limit."),
    maxSeconds: seconds(0.001)
      .nullable()
      .default(baseTraffic.maxSeconds)
      .describe("Stop arrivals after this many seconds; null: no limit."),
  },
  "field",
);

const tenant = objectOf(
  {
    name: textOf("a name"),
    share: numberOf({ min: 0, max: 1e6 }).default(baseTenant.share).describe("Share of synthetic requests; shares are normalised."),
    sloClass: textOf("the name of an SLO class").default(baseTenant.sloClass),
    weight: numberOf({ min: 0.001, max: 1e6 }).default(baseTenant.weight).describe("For schedulers that weigh tenants."),
  },
  "field of a tenant",
);

const limit = (what: string): z.ZodType => seconds(0.000001, 1e6).nullable().default(null).describe(`${what}, seconds; null: no limit.`);
const sloClass = objectOf(
  {
    name: textOf("a name"),
    ttft: limit("Time to first token"),
    tpot: limit("Time per output token after the first"),
    e2e: limit("Time to last token"),
  },
  "field of an SLO class",
);

const kv = objectOf(
  {
    blockSize: count(1, 4096).default(basePool.kv.blockSize).describe("Tokens per KV block."),
    memoryUtilisation: numberOf({ min: 0.05, max: 1 })
      .default(basePool.kv.memoryUtilisation)
      .describe("Share of GPU memory that the engine may use."),
    blocks: count(1, 1e9)
      .nullable()
      .default(basePool.kv.blocks)
      .describe("Blocks per replica; null: computed from memory, weights and sharding."),
    prefixCaching: z
      .boolean({ error: (issue) => `${shown(issue.input)} is not a yes or no. Give true or false.` })
      .optional()
      .describe("Blocks are shared between requests whose prompts begin alike; for schedulers and roles that can. Left out: not."),
    plan: choiceOf(kvPlans, "KV plan").optional().describe("How the blocks are computed; left out: as engines do."),
  },
  "field",
);

const pool = objectOf(
  {
    name: textOf("a name"),
    role: oneOf(["mixed", "prefill", "decode"], "role").default(basePool.role),
    gpu: idOf(gpus, "GPU").default(basePool.gpu),
    replicas: count(0, 65536).default(basePool.replicas).describe("Replicas at the start."),
    tensorParallel: count(1, 1024).default(basePool.tensorParallel).describe("GPUs that share each layer."),
    pipelineParallel: count(1, 256).default(basePool.pipelineParallel).describe("Stages of layers, one group of GPUs each."),
    pricePerGpuHour: numberOf({ min: 0, max: 1e6 })
      .nullable()
      .default(basePool.pricePerGpuHour)
      .describe("US dollars per GPU hour; null: the catalog's price."),
    gpusPerNode: count(1, 1024)
      .nullable()
      .default(basePool.gpusPerNode)
      .describe("GPUs are rented in whole nodes of this many, of all replicas of the pool together; null: one by one."),
    paidFrom: oneOf(["order", "ready"], "start of the meter")
      .default(basePool.paidFrom)
      .describe("When the meter of a replica starts: with the order to start it, or when it is ready."),
    batching: choiceOf(batching, "batching policy").default(basePool.batching),
    ordering: choiceOf(ordering, "queue order").optional().describe("Who comes in next from a waiting queue; left out: who waits longest."),
    latency: choiceOf(latencies, "latency model").default(basePool.latency),
    autoscaling: choiceOf(autoscaling, "autoscaling policy").default(basePool.autoscaling),
    startupSeconds: seconds()
      .default(basePool.startupSeconds)
      .describe("Seconds from the order to start a replica until it is ready; loading its weights apart where loadGbytesPerS is given."),
    loadGbytesPerS: numberOf({ min: 0.001, max: 100000 })
      .nullable()
      .default(basePool.loadGbytesPerS)
      .describe("Bandwidth at which a replica loads its weights, 1e9 bytes per second; null: startupSeconds is all."),
    scaleDownSeconds: seconds()
      .default(basePool.scaleDownSeconds)
      .describe("Seconds from the order to stop a replica until it takes no more requests."),
    minReplicas: count(1, 65536).default(basePool.minReplicas).describe("Fewest replicas that an autoscaler may order."),
    maxReplicas: count(1, 65536)
      .default(basePool.maxReplicas)
      .describe("Most replicas that an autoscaler may order; a pool that starts with more keeps that as its limit."),
    kv: kv.prefault({}),
  },
  "field of a pool",
);

const fault = objectOf(
  {
    at: seconds().describe("Simulated seconds."),
    kind: oneOf(["crash", "reclaim"], "kind of fault")
      .default(baseFault.kind)
      .describe("crash: the replica and all it holds is lost. reclaim: it drains."),
    pool: textOf("the name of a pool"),
    replica: count(1, 65536).default(baseFault.replica).describe("Position in the pool, from 1."),
    replaceAfter: seconds().nullable().default(baseFault.replaceAfter).describe("Seconds until a replacement starts; null: never."),
  },
  "field of a fault",
);

const network = objectOf(
  {
    gbytesPerS: numberOf({ min: 0.001, max: 100000 }).default(baseNetwork.gbytesPerS),
    latencyS: seconds(0, 100).default(baseNetwork.latencyS),
  },
  "field",
);

const scenarioSchema = objectOf(
  {
    version: z.literal(SCENARIO_VERSION).default(SCENARIO_VERSION),
    name: textOf("a name", 200).default(defaultScenario.name),
    seed: count(0, Number.MAX_SAFE_INTEGER).default(defaultScenario.seed).describe("Seed of every random stream."),
    traffic: traffic.prefault({}),
    tenants: listOf(tenant, "tenants", 1, 1000).default(defaultScenario.tenants as never),
    sloClasses: listOf(sloClass, "SLO classes", 1, 100).default(defaultScenario.sloClasses as never),
    model: idOf(models, "model").default(defaultScenario.model),
    pools: listOf(pool, "pools", 1, 64).default(defaultScenario.pools as never),
    routing: choiceOf(routing, "routing policy").default(defaultScenario.routing),
    loadStaleness: seconds(0, 1e6)
      .default(defaultScenario.loadStaleness)
      .describe("Age of the load that the router sees, seconds; 0: live."),
    admission: choiceOf(admission, "admission policy").default(defaultScenario.admission),
    faults: listOf(fault, "faults", 0, 10000).default([]),
    network: network.prefault({}).describe("Hand-over of KV caches between prefill and decode pools."),
  },
  "field",
);

export type ParseOutcome = { readonly ok: true; readonly scenario: Scenario } | { readonly ok: false; readonly errors: readonly string[] };

/** Checks and completes a scenario of any version. Each error is one sentence: path, value, what would do. */
export function parseScenario(given: unknown): ParseOutcome {
  if (typeof given !== "object" || given === null || Array.isArray(given))
    return { ok: false, errors: [`scenario: ${shown(given)} is not a scenario. Give a JSON object; {} is the smallest one.`] };
  const current = upgrade(given as Readonly<Record<string, unknown>>);
  if (!current.ok) return { ok: false, errors: [current.error] };
  const parsed = scenarioSchema.safeParse(current.raw);
  if (!parsed.success) return { ok: false, errors: parsed.error.issues.map((issue) => `${pathText(issue.path)}: ${issue.message}`) };
  const scenario = parsed.data as unknown as Scenario;
  const errors = crossCheck(scenario);
  return errors.length > 0 ? { ok: false, errors } : { ok: true, scenario: normalise(scenario) };
}

/** JSON Schema (draft 2020-12) of a scenario file, every policy's parameters included. */
export function scenarioJsonSchema(): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(scenarioSchema, { io: "input" }) as Record<string, unknown>;
  return {
    $schema,
    title: "Goodput scenario",
    description: `Everything that decides a run. A file names only what differs from the default. Version ${SCENARIO_VERSION}.`,
    ...rest,
  };
}
