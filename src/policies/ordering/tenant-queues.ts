// A first-come-first-served queue per tenant: lists linked by slot, so that coming, going and leaving cost the same however many wait.
import type { RequestTable } from "../../engine/contracts.ts";

const NONE = -1;

const filled = (size: number): Int32Array => new Int32Array(size).fill(NONE);

export class TenantQueues {
  /** By tenant: first and last slot, and how many. */
  readonly first: Int32Array;
  private readonly last: Int32Array;
  readonly count: Int32Array;
  /** By slot: who stands behind. */
  private behind = filled(1024);

  constructor(tenants: number) {
    this.first = filled(tenants);
    this.last = filled(tenants);
    this.count = new Int32Array(tenants);
  }

  /** Puts a request at the end of its tenant's queue, or before all of them. */
  add(slot: number, tenant: number, before: boolean): void {
    const { first, last, count } = this;
    if (slot >= this.behind.length) {
      const wide = filled(Math.max(slot + 1, this.behind.length * 2));
      wide.set(this.behind);
      this.behind = wide;
    }
    const { behind } = this;
    if (count[tenant] === 0) {
      first[tenant] = slot;
      last[tenant] = slot;
      behind[slot] = NONE;
    } else if (before) {
      behind[slot] = first[tenant]!;
      first[tenant] = slot;
    } else {
      behind[last[tenant]!] = slot;
      behind[slot] = NONE;
      last[tenant] = slot;
    }
    count[tenant] = count[tenant]! + 1;
  }

  /** Takes out a request: at once at the head, by a search elsewhere. */
  take(slot: number, { tenant: tenants }: RequestTable): void {
    const { first, last, count, behind } = this;
    const tenant = tenants[slot]!;
    let before = NONE;
    for (let other = first[tenant]!; other !== slot; other = behind[other]!) before = other;
    const next = behind[slot]!;
    if (before === NONE) first[tenant] = next;
    else behind[before] = next;
    if (next === NONE) last[tenant] = before;
    count[tenant] = count[tenant]! - 1;
  }

  clear(): void {
    this.first.fill(NONE);
    this.last.fill(NONE);
    this.count.fill(0);
  }
}
