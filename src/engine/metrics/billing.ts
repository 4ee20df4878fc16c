// What replicas cost. Rented by the node, a pool pays for as many whole nodes as its replicas need at each moment; otherwise for every replica.
import type { PoolConfig } from "../config.ts";
import { ReplicaState } from "../contracts.ts";

/** Whether a replica in this state is paid for: while it serves and drains, and while it starts where the pool says so. */
export const isPaid = (pool: PoolConfig, state: number): boolean =>
  state === ReplicaState.ready || state === ReplicaState.draining || (state === ReplicaState.starting && pool.paysStarting);

/** US dollars per hour for this many replicas that are paid for. */
export function costPerHour({ node, gpusPerReplica, pricePerReplicaHour }: PoolConfig, replicas: number): number {
  return node === null ? replicas * pricePerReplicaHour : Math.ceil((replicas * gpusPerReplica) / node.gpus) * node.pricePerHour;
}

/** The meter of one pool that rents nodes: the integral of its cost per hour. */
export class NodeMeter {
  private readonly pool: PoolConfig;
  private paid = 0;
  private since = 0;
  /** Dollars per hour x seconds, up to `since`. */
  private spent = 0;

  constructor(pool: PoolConfig) {
    this.pool = pool;
  }

  /** The number of replicas that are paid for changes. */
  change(by: number, at: number): void {
    this.spent += (at - this.since) * costPerHour(this.pool, this.paid);
    this.since = at;
    this.paid += by;
  }

  /** US dollars up to now. */
  cost(now: number): number {
    return (this.spent + Math.max(0, now - this.since) * costPerHour(this.pool, this.paid)) / 3600;
  }
}
