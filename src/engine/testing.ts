// For tests and benches only: small configurations by hand, and a run as text, so that two runs can be compared to the last bit.
import type { Configured, FaultConfig, PoolConfig, SimulationConfig, SloLimits } from "./config.ts";
import type {
  AdmissionDefinition,
  ArrivalRow,
  AutoscalingDefinition,
  BatchingDefinition,
  LatencyModel,
  RequestSource,
  RoutingDefinition,
} from "./contracts.ts";
import { createEngine } from "./index.ts";
import type { Engine } from "./index.ts";
import type { Recorder } from "./recorder.ts";

/** One request of a fixed source. */
export interface Row {
  readonly at: number;
  readonly prompt: number;
  readonly output: number;
  readonly tenant?: number;
  readonly sloClass?: number;
  /** Hashes of its blocks of CONTENT_TOKENS tokens: of the prompt, or of the output too. */
  readonly ids?: readonly number[];
}

/** Tokens of a content block of these sources: no multiple of the sizes of KV blocks, nor the other way round. */
export const CONTENT_TOKENS = 12;

/** The content of the row that was taken last. */
class Ids {
  prefixIds = new Int32Array(0);

  take(into: ArrivalRow, { ids = [] }: Row): void {
    this.prefixIds = Int32Array.from(ids);
    into.prefixStart = 0;
    into.prefixCount = ids.length;
  }
}

/** The rows, in their order; times must not decrease. */
export function fixedSource(rows: readonly Row[]): RequestSource {
  const state = { next: 0 };
  const ids = new Ids();
  return {
    state,
    prefixBlockTokens: CONTENT_TOKENS,
    get prefixIds() {
      return ids.prefixIds;
    },
    expected: rows.length,
    duration: rows.at(-1)?.at ?? 0,
    nextAt: () => rows[state.next]?.at ?? Infinity,
    take: (into) => {
      const row = rows[state.next++]!;
      into.arrivedAt = row.at;
      into.promptTokens = row.prompt;
      into.outputTokens = row.output;
      into.tenant = row.tenant ?? 0;
      into.sloClass = row.sloClass ?? 0;
      into.session = -1;
      ids.take(into, row);
    },
  };
}

/** `users` clients that send their next request `think` seconds after the last one ended; row i of the lengths for request i. */
export function closedSource(users: number, think: number, rows: readonly Row[]): RequestSource {
  const ids = new Ids();
  const state = { next: 0, due: Array.from({ length: Math.min(users, rows.length) }, () => 0) };
  return {
    state,
    prefixBlockTokens: CONTENT_TOKENS,
    get prefixIds() {
      return ids.prefixIds;
    },
    expected: rows.length,
    duration: NaN,
    nextAt: () => (state.next < rows.length ? (state.due[0] ?? Infinity) : Infinity),
    take: (into) => {
      const row = rows[state.next++]!;
      into.arrivedAt = state.due.shift()!;
      into.promptTokens = row.prompt;
      into.outputTokens = row.output;
      into.tenant = row.tenant ?? 0;
      into.sloClass = row.sloClass ?? 0;
      into.session = -1;
      ids.take(into, row);
    },
    finished: (_id, now) => {
      state.due.push(now + think);
    },
  };
}

export interface LinearCoefficients {
  /** Seconds per iteration, per new token, per token of context. */
  readonly base: number;
  readonly perToken?: number;
  readonly perContext?: number;
}

/** base + perToken x new tokens + perContext x context, with its closed form over decodes. */
export function linearLatency({ base, perToken = 0, perContext = 0 }: LinearCoefficients): LatencyModel {
  return {
    iteration: (shape) =>
      base + perToken * (shape.prefillTokens + shape.decodeRequests) + perContext * (shape.decodeContext + shape.prefillContext),
    decodeForm: (requests, _context, into) => {
      into.base = base + perToken * requests;
      into.perContext = perContext;
      into.below = Infinity;
    },
  };
}

/** The same model, which hides its closed form. */
export const withoutForm = (model: LatencyModel): LatencyModel => ({
  iteration: (shape, stage, chunks) => model.iteration(shape, stage, chunks),
});

/** A model in affine pieces: from every multiple of `width` tokens of context on, `step` seconds more. */
export function steppedLatency({ base, perToken = 0, perContext = 0 }: LinearCoefficients, width: number, step: number): LatencyModel {
  return {
    iteration: (shape) => {
      const context = shape.decodeContext + shape.prefillContext;
      return base + perToken * (shape.prefillTokens + shape.decodeRequests) + step * Math.floor(context / width) + perContext * context;
    },
    decodeForm: (requests, context, into) => {
      const piece = Math.floor(context / width);
      into.base = base + perToken * requests + step * piece;
      into.perContext = perContext;
      into.below = (piece + 1) * width;
    },
  };
}

/** Autoscaler of pools that name none. */
const fixedCount: AutoscalingDefinition = {
  kind: "autoscaling",
  id: "fixed-count",
  label: "Fixed count",
  help: "",
  params: {},
  create: () => ({ tickSeconds: Infinity }),
};

const acceptAll: AdmissionDefinition = {
  kind: "admission",
  id: "accept-all",
  label: "Accept all",
  help: "",
  params: {},
  create: () => ({ admit: () => 0 }),
};

type Choice<D extends { readonly params: SimulationConfig["pools"][number]["batching"]["definition"]["params"] }> = D | Configured<D>;

const configured = <D extends BatchingDefinition | RoutingDefinition | AdmissionDefinition | AutoscalingDefinition>(
  choice: Choice<D>,
): Configured<D> => ("definition" in choice ? choice : { definition: choice, values: {} });

export type PoolOptions = Partial<Omit<PoolConfig, "batching" | "autoscaling">> & {
  readonly batching: Choice<BatchingDefinition>;
  readonly autoscaling?: Choice<AutoscalingDefinition>;
};

export interface ConfigOptions {
  readonly pools: readonly PoolOptions[];
  readonly routing: Choice<RoutingDefinition>;
  readonly source: RequestSource | readonly Row[];
  readonly admission?: Choice<AdmissionDefinition>;
  readonly tenants?: number;
  readonly slo?: Partial<SloLimits>;
  readonly seed?: number;
  readonly step?: boolean;
  readonly faults?: readonly FaultConfig[];
  readonly loadStaleness?: number;
  readonly network?: SimulationConfig["network"];
}

/** A configuration with a default for everything that a test does not care about. */
export function configOf({
  pools,
  routing,
  source,
  admission = acceptAll,
  tenants = 1,
  slo = {},
  ...rest
}: ConfigOptions): SimulationConfig {
  return {
    seed: rest.seed ?? 1,
    source: "nextAt" in source ? source : fixedSource(source),
    tenants: Array.from({ length: tenants }, (_, i) => ({ name: `tenant ${i}`, sloClass: 0, weight: 1 })),
    sloClasses: [{ name: "all", ttft: 1, tpot: 0.1, e2e: Infinity, ...slo }],
    pools: pools.map(({ batching, autoscaling = fixedCount, ...pool }, index) => ({
      name: `${"abcdefgh"[index]}`,
      role: "mixed",
      gpu: "test",
      replicas: 1,
      gpusPerReplica: 1,
      stages: 1,
      pricePerReplicaHour: 3600,
      node: null,
      paysStarting: true,
      latency: linearLatency({ base: 0.01, perToken: 1e-4, perContext: 1e-7 }),
      startupSeconds: 5,
      scaleDownSeconds: 0,
      minReplicas: 1,
      maxReplicas: 64,
      kvBlocks: 10_000,
      blockSize: 16,
      kvBytesPerToken: 100_000,
      batching: configured(batching),
      autoscaling: configured(autoscaling),
      ...pool,
    })),
    routing: configured(routing),
    admission: configured(admission),
    loadStaleness: rest.loadStaleness ?? 0,
    faults: rest.faults ?? [],
    network: rest.network ?? { bytesPerS: 1e10, latencyS: 0.001 },
    step: rest.step ?? false,
  };
}

/** Runs to the end, or up to `limit`, and finishes. */
export function runAll(config: SimulationConfig, recorders: readonly Recorder[] = [], limit = Infinity): Engine {
  const engine = createEngine(config, { keepRequests: true, recorders });
  engine.simulation.runUntil(limit);
  engine.simulation.finish();
  return engine;
}

const plain = (_key: string, value: unknown): unknown => {
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<number>, String).join(" ");
  return typeof value === "number" ? String(value) : value;
};

/** Every result of a run as text, digits in full: equal texts are equal bytes. */
export function textOf(engine: Engine): Record<string, string> {
  const parts = {
    summary: engine.summary(true),
    sketched: engine.summary(false),
    requests: engine.requests(),
    series: engine.series(),
    fleet: engine.fleet(),
    events: engine.events(),
    decisions: engine.decisions(),
    cdfs: engine.cdfs(),
    load: engine.load(),
  };
  return Object.fromEntries(Object.entries(parts).map(([key, part]) => [key, JSON.stringify(part, plain, 1)]));
}
