// The cheapest fleet that meets the SLOs at a share, with a stated confidence. Within a kind (GPU, sharding, policies) more replicas are taken to meet them
// better, so that bisection finds the fewest; kinds come by price, and what cannot be cheaper than the best fleet found is never run.
import type { Scenario } from "../scenario/types.ts";
import { fleetKinds, leastPrice, withReplicas } from "./fleet-kinds.ts";
import type { FleetKind } from "./fleet-kinds.ts";
import { attainmentInterval, meanOf, replicate, RunProblem } from "./replications.ts";
import type { Asked, FleetCandidate, FleetProgress, FleetResult, FleetSearch, RunScenario } from "./types.ts";
import { digits, percentOf, plural } from "./words.ts";

/** Seeds after which a fleet is looked at; every look may say that it is clear. */
function looksOf(seeds: number): number[] {
  const looks: number[] = [];
  for (let count = Math.min(3, seeds); count < seeds; count *= 2) looks.push(count);
  return [...looks, seeds];
}

type Tried = Pick<FleetCandidate, "verdict" | "costPerHour" | "attainment" | "low" | "high" | "runs" | "reason">;

const NOT_RUN = { attainment: null, low: null, high: null, runs: 0 } as const;

/** Runs one fleet until it is clear whether it meets the SLOs, at most with all seeds. */
async function tryFleet(run: RunScenario, scenario: Scenario, { seeds, share, confidence, window }: FleetSearch): Promise<Tried> {
  const looks = looksOf(seeds.length);
  // One-sided on either side, and as many looks: all of them hold together (Bonferroni).
  const each = 1 - (1 - confidence) / looks.length;
  const attained: number[] = [];
  const costs: number[] = [];
  try {
    for (const [i, count] of looks.entries()) {
      const figures = await replicate(run, scenario, seeds.slice(attained.length, count), { window });
      for (const { metrics } of figures) {
        attained.push(metrics.slo ?? 0);
        costs.push(metrics["cost.hour"] ?? NaN);
      }
      const { mean, low, high } = attainmentInterval(attained, each);
      const verdict = low >= share ? "meets" : high < share ? "misses" : "open";
      if (verdict !== "open" || i === looks.length - 1)
        return { verdict, costPerHour: meanOf(costs), attainment: mean, low, high, runs: attained.length, reason: null };
    }
  } catch (error) {
    if (!(error instanceof RunProblem)) throw error;
    return { ...NOT_RUN, verdict: "impossible", costPerHour: null, reason: error.message };
  }
  throw new Error("There are no seeds.");
}

const nameOf = (values: Readonly<Record<string, string>>): string =>
  Object.entries(values)
    .map(([name, value]) => `${name} ${value}`)
    .join(", ");

function statementOf({ share, confidence }: FleetSearch, best: FleetCandidate | null, candidates: readonly FleetCandidate[]): string {
  const all = plural(candidates.length, "fleet");
  if (best !== null)
    return `The cheapest of ${all} at which ${percentOf(share)} of the requests meet every SLO: ${nameOf(best.values)}, $${digits(best.costPerHour!)} per hour. There ${percentOf(best.attainment!)} meet them; that it is at least ${percentOf(share)} is ${percentOf(confidence)} sure.`;
  const open = candidates.filter(({ verdict }) => verdict === "open").length;
  const unsure = open === 0 ? "" : ` Of ${plural(open, "fleet")} the seeds do not say: give more.`;
  return `None of ${all} is sure to meet every SLO for ${percentOf(share)} of the requests.${unsure}`;
}

class Search {
  readonly tried = new Map<string, FleetCandidate>();
  best: FleetCandidate | null = null;
  private settled = 0;
  private readonly run: RunScenario;
  private readonly search: FleetSearch;
  private readonly asked: Asked<FleetProgress>;
  private readonly kinds: readonly FleetKind[];

  constructor(run: RunScenario, search: FleetSearch, asked: Asked<FleetProgress>) {
    this.run = run;
    this.search = search;
    this.asked = asked;
    const from = (kind: FleetKind): number => (kind.scenario === null ? Infinity : (leastPrice(kind.scenario) ?? Infinity));
    this.kinds = fleetKinds(search).sort((a, b) => from(a) - from(b));
  }

  private candidate(kind: FleetKind, replicas: number, tried: Tried): FleetCandidate {
    const { scenario, values } = kind;
    return {
      values: { ...values, replicas: String(replicas) },
      scenario: scenario === null ? this.search.scenario : withReplicas(scenario, this.search.pool, replicas),
      ...tried,
    };
  }

  private keyOf = (kind: FleetKind, replicas: number): string => `${this.kinds.indexOf(kind)}/${replicas}`;

  private priceOf(kind: FleetKind, replicas: number): number | null {
    return kind.scenario === null ? null : leastPrice(withReplicas(kind.scenario, this.search.pool, replicas));
  }

  private tell(): void {
    const candidates = [...this.tried.values()];
    this.asked.progress?.({ runs: this.runs(), candidates, best: this.best, settled: this.settled, kinds: this.kinds.length });
  }

  runs(): number {
    return [...this.tried.values()].reduce((sum, { runs }) => sum + runs, 0);
  }

  /** Whether the fleet is sure to meet the SLOs. */
  private async meets(kind: FleetKind, replicas: number): Promise<FleetCandidate> {
    const key = this.keyOf(kind, replicas);
    const known = this.tried.get(key);
    if (known !== undefined) return known;
    const { signal } = this.asked;
    const scenario = withReplicas(kind.scenario!, this.search.pool, replicas);
    const counted: RunScenario = async (one, measure) => {
      signal?.throwIfAborted();
      return await this.run(one, measure);
    };
    const found = this.candidate(kind, replicas, await tryFleet(counted, scenario, this.search));
    signal?.throwIfAborted();
    this.tried.set(key, found);
    if (found.verdict === "meets" && (this.best === null || found.costPerHour! < this.best.costPerHour!)) this.best = found;
    this.tell();
    return found;
  }

  /** The most replicas that can still be cheaper than the best fleet; less than the least where none can. */
  private affordable(kind: FleetKind): number {
    const { from, to } = this.search.choices.replicas;
    let most = to;
    while (most >= from && this.best !== null && (this.priceOf(kind, most) ?? 0) >= this.best.costPerHour!) most--;
    return most;
  }

  private async searchKind(kind: FleetKind): Promise<void> {
    if (kind.scenario === null) return;
    const { from } = this.search.choices.replicas;
    let no = from - 1;
    let yes = this.affordable(kind);
    if (yes < from) return;
    // Few replicas first: doubling finds the first that do, or the end.
    for (let replicas = from; ; replicas = Math.min(2 * replicas, yes)) {
      const { verdict } = await this.meets(kind, replicas);
      if (verdict === "impossible") return;
      if (verdict === "meets") {
        yes = replicas;
        break;
      }
      no = replicas;
      if (replicas === yes) return;
    }
    while (yes - no > 1) {
      const middle = Math.floor((yes + no) / 2);
      if ((await this.meets(kind, middle)).verdict === "meets") yes = middle;
      else no = middle;
    }
  }

  async all(): Promise<void> {
    for (const kind of this.kinds) {
      await this.searchKind(kind);
      this.settled++;
      this.tell();
    }
  }

  /** Every fleet, what was not run included, by cost. */
  candidates(): FleetCandidate[] {
    const { from, to } = this.search.choices.replicas;
    const all = this.kinds.flatMap((kind) => {
      const own = Array.from({ length: to - from + 1 }, (_, i) => this.tried.get(this.keyOf(kind, from + i)));
      const impossible = kind.problem ?? own.find((one) => one?.verdict === "impossible")?.reason ?? null;
      return own.map((one, i) => one ?? this.notRun(kind, from + i, impossible));
    });
    return all.sort((a, b) => (a.costPerHour ?? Infinity) - (b.costPerHour ?? Infinity));
  }

  private notRun(kind: FleetKind, replicas: number, impossible: string | null): FleetCandidate {
    const costPerHour = this.priceOf(kind, replicas);
    if (impossible !== null)
      return this.candidate(kind, replicas, { ...NOT_RUN, verdict: "impossible", costPerHour: null, reason: impossible });
    const dear = this.best !== null && costPerHour !== null && costPerHour >= this.best.costPerHour!;
    const reason = dear
      ? `It costs no less than ${nameOf(this.best!.values)}.`
      : "A larger fleet of its kind is not sure to meet the SLOs.";
    return this.candidate(kind, replicas, { ...NOT_RUN, verdict: "dominated", costPerHour, reason });
  }
}

/** Rejects with a RunProblem when there is nothing to choose from. */
export async function findCheapestFleet(run: RunScenario, search: FleetSearch, asked: Asked<FleetProgress> = {}): Promise<FleetResult> {
  const { choices, seeds, pool, scenario } = search;
  const { from, to } = choices.replicas;
  if (scenario.pools[pool] === undefined)
    throw new RunProblem(`There is no pool ${pool}. Give a number from 0 to ${scenario.pools.length - 1}.`);
  if (!(from >= 1 && to >= from)) throw new RunProblem(`${from} to ${to} replicas are none. Give the smaller number first, at least 1.`);
  if (seeds.length < 2) throw new RunProblem("One replication says nothing about chance. Give two seeds or more.");
  const own = new Search(run, search, asked);
  await own.all();
  const candidates = own.candidates();
  return {
    best: own.best,
    candidates,
    runs: own.runs(),
    exhaustiveRuns: candidates.filter(({ verdict }) => verdict !== "impossible").length * seeds.length,
    statement: statementOf(search, own.best, candidates),
  };
}
