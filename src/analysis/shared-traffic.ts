// Runs on the same traffic draw it once: common random numbers, kept as columns and replayed. Only open traffic without content: a closed loop
// depends on the answers, and the blocks of prompts take more room than drawing them takes time.
import { emptyRow } from "../engine/contracts.ts";
import type { ArrivalRow, RequestSource } from "../engine/contracts.ts";
import { canonicalJson } from "../scenario/hash.ts";
import type { Scenario } from "../scenario/types.ts";

/** Requests kept in all, at 28 bytes each, and of one traffic. */
const MOST_KEPT = 1_000_000;
const MOST_OF_ONE = 250_000;

/** What a source has said, as far as anybody has asked. */
class Drawn {
  private readonly source: RequestSource;
  private readonly row: ArrivalRow;
  private times = new Float64Array(1024);
  /** Prompt and output tokens, tenant, SLO class, session. */
  private facts = new Int32Array(5 * 1024);
  length = 0;

  constructor(source: RequestSource) {
    this.source = source;
    this.row = emptyRow();
  }

  nextAt(position: number): number {
    return position < this.length ? this.times[position]! : this.source.nextAt();
  }

  take(position: number, into: ArrivalRow): void {
    if (position === this.length) this.draw();
    const at = 5 * position;
    const { facts } = this;
    into.arrivedAt = this.times[position]!;
    into.promptTokens = facts[at]!;
    into.outputTokens = facts[at + 1]!;
    into.tenant = facts[at + 2]!;
    into.sloClass = facts[at + 3]!;
    into.session = facts[at + 4]!;
    into.prefixStart = 0;
    into.prefixCount = 0;
  }

  private draw(): void {
    const { row, length } = this;
    if (length === this.times.length) {
      const times = new Float64Array(2 * length);
      times.set(this.times);
      this.times = times;
      const facts = new Int32Array(10 * length);
      facts.set(this.facts);
      this.facts = facts;
    }
    this.source.take(row);
    this.times[length] = row.arrivedAt;
    const { facts } = this;
    const at = 5 * length;
    facts[at] = row.promptTokens;
    facts[at + 1] = row.outputTokens;
    facts[at + 2] = row.tenant;
    facts[at + 3] = row.sloClass;
    facts[at + 4] = row.session;
    this.length++;
  }
}

/** The traffic of the last scenarios, by what decides it. */
export class SharedTraffic {
  private readonly drawn = new Map<string, Drawn>();

  /** The same requests as `source` gives, which is new and of this scenario. */
  of(scenario: Scenario, source: RequestSource): RequestSource {
    const { expected, duration, prefixBlockTokens = 0 } = source;
    if (source.finished !== undefined || prefixBlockTokens > 0 || !(expected <= MOST_OF_ONE)) return source;
    const { seed, traffic, tenants, sloClasses } = scenario;
    const key = canonicalJson([seed, traffic, tenants, sloClasses.map(({ name }) => name)]);
    const kept = this.drawn.get(key) ?? new Drawn(source);
    // The latest stands last; the oldest go.
    this.drawn.delete(key);
    this.drawn.set(key, kept);
    let total = 0;
    for (const { length } of this.drawn.values()) total += length;
    for (const [oldest, { length }] of this.drawn) {
      if (total <= MOST_KEPT || oldest === key) break;
      this.drawn.delete(oldest);
      total -= length;
    }
    const state = { taken: 0 };
    return { state, expected, duration, nextAt: () => kept.nextAt(state.taken), take: (into) => kept.take(state.taken++, into) };
  }
}
