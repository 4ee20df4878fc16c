// The policies of one run, made from their definitions, with the random streams that they draw from.
import type { PoolConfig, SimulationConfig } from "../config.ts";
import type {
  Admission,
  Autoscaler,
  Batching,
  BatchingContext,
  Ordering,
  PolicyContext,
  RequestSource,
  RequestTable,
  Router,
} from "../contracts.ts";
import { randomStream } from "../kernel/random.ts";
import type { Random } from "../kernel/random.ts";
import { withDefaults } from "../params.ts";

export class Policies {
  readonly source: RequestSource;
  readonly router: Router;
  readonly admission: Admission;
  /** By pool. */
  readonly autoscalers: readonly Autoscaler[];
  /** Replica schedulers, by replica. */
  readonly batchings: Batching[] = [];
  /** Orders of their queues, where they have one. */
  readonly orderings: Ordering[] = [];
  private readonly config: SimulationConfig;
  private readonly streams = new Map<string, Random>();

  constructor(config: SimulationConfig) {
    const { routing, admission } = config;
    this.config = config;
    this.source = config.source;
    this.router = routing.definition.create(withDefaults(routing.definition.params, routing.values) as never, this.context("routing"));
    this.admission = admission.definition.create(
      withDefaults(admission.definition.params, admission.values) as never,
      this.context("admission"),
    );
    this.autoscalers = config.pools.map(({ autoscaling }, pool) =>
      autoscaling.definition.create(
        withDefaults(autoscaling.definition.params, autoscaling.values) as never,
        this.context(`autoscaling/${pool}`),
      ),
    );
  }

  private context(prefix: string): PolicyContext {
    const { tenants } = this.config;
    return {
      random: (name) => this.stream(`${prefix}/${name}`),
      tenantCount: tenants.length,
      tenantWeights: tenants.map((tenant) => tenant.weight),
    };
  }

  /** Makes the scheduler of the next replica. */
  addBatching(pool: PoolConfig): Batching {
    const { definition, values } = pool.batching;
    const policy = definition.create(withDefaults(definition.params, values) as never, this.replicaContext(pool, "batching"));
    this.batchings.push(policy);
    return policy;
  }

  /** Makes the order of the queue of the replica whose scheduler was made last. */
  addOrdering(pool: PoolConfig, requests: RequestTable): Ordering | null {
    if (pool.ordering === undefined) return null;
    const { definition, values } = pool.ordering;
    const context = { ...this.replicaContext(pool, "ordering"), requests };
    const policy = definition.create(withDefaults(definition.params, values) as never, context);
    if (policy !== null) this.orderings.push(policy);
    return policy;
  }

  private replicaContext(pool: PoolConfig, kind: string): BatchingContext {
    return {
      ...this.context(`${kind}/${this.batchings.length}`),
      lanes: pool.stages,
      blockSize: pool.blockSize,
      blocks: pool.kvBlocks,
    };
  }

  /** The random stream of a name; its state is part of a snapshot. */
  private stream(name: string): Random {
    let random = this.streams.get(name);
    if (random === undefined) {
      random = randomStream(this.config.seed, name);
      this.streams.set(name, random);
    }
    return random;
  }

  get streamNames(): string[] {
    return [...this.streams.keys()];
  }

  /** Makes the streams of these names where they are not there yet, so that a snapshot has somewhere to go. */
  openStreams(names: readonly string[]): void {
    for (const name of names) this.stream(name);
  }

  private get all(): readonly (RequestSource | Router | Admission | Autoscaler | Batching | Ordering)[] {
    return [this.source, this.router, this.admission, ...this.autoscalers, ...this.batchings, ...this.orderings];
  }

  /** What a snapshot of the run leaves alone: configuration and code. */
  fixed(): Set<unknown> {
    return new Set<unknown>([this.config, ...this.all, ...this.config.pools.map(({ latency }) => latency)]);
  }

  /** What the policies remember, in an order that depends on the configuration and the replicas made alone. */
  states(): (object | undefined)[] {
    return this.all.map(({ state }) => state);
  }
}
