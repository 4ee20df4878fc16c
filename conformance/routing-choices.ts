// Routing decisions of the suite routing: what each policy would choose, against what the examples expect.
import { chooseAnswered, chooseKnown, pauseBefore, probeDeadline } from "../src/policies/routing/prefix/lowest-queue.ts";
import { costChances, kvCost } from "../src/policies/routing/prefix/kv-cost.ts";
import { rayChoice, sglangChoice } from "../src/policies/routing/prefix/prefix-choice.ts";
import type { PrefixChoice, Text } from "../src/policies/routing/prefix/prefix-choice.ts";
import { PrefixTree } from "../src/policies/routing/prefix/prefix-tree.ts";
import { weightedScores } from "../src/policies/routing/prefix/scorers.ts";
import { symbolsOf } from "../src/policies/routing/prefix/testing-text.ts";

/** One example: its fields differ from policy to policy. */
export interface Case extends Readonly<Record<string, unknown>> {
  readonly id: string;
  readonly description?: string;
}

/** What differs from the expectation, or "". */
export type Check = (example: Case) => string;

const TOLERANCE = 1e-6;

type Table<T> = Readonly<Record<string, T>>;

/** Names as numbers, in the order of the object's keys. */
class Names {
  readonly list: string[] = [];
  of(name: string): number {
    const known = this.list.indexOf(name);
    return known >= 0 ? known : this.list.push(name) - 1;
  }
  name(number: number): string | null {
    return this.list[number] ?? null;
  }
}

/** Equal, numbers within the tolerance, lists of names in any order where `sets` says so. */
export function differs(what: string, found: unknown, wanted: unknown): string {
  const same = (a: unknown, b: unknown): boolean => {
    if (typeof a === "number" && typeof b === "number") return Math.abs(a - b) <= TOLERANCE || (Number.isNaN(a) && Number.isNaN(b));
    if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((value, i) => same(value, b[i]));
    if (a !== null && b !== null && typeof a === "object" && typeof b === "object") {
      const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
      return [...keys].every((key) => same((a as Table<unknown>)[key], (b as Table<unknown>)[key]));
    }
    return a === b;
  };
  return same(found, wanted) ? "" : `${what} ${JSON.stringify(found)} instead of ${JSON.stringify(wanted)}`;
}

/** Compares what is expected, key by key. A key that nobody knows is a difference. */
export function compare(found: Table<unknown>, wanted: Table<unknown>): string {
  for (const [key, value] of Object.entries(wanted)) {
    const wrong = key in found ? differs(key, found[key], value) : `nothing is known of "${key}"`;
    if (wrong !== "") return wrong;
  }
  return "";
}

const numbers = (length: number): number[] => Array.from({ length }, (_, i) => i);

export const checkPow2: Check = ({ input, expect }) => {
  const given = input as Table<unknown>;
  const rounds = given["rounds"] as number | undefined;
  if (rounds !== undefined) {
    const pauses = {
      initial: given["initialBackoffS"] as number,
      multiplier: given["multiplier"] as number,
      longest: given["maxBackoffS"] as number,
    };
    const [first, longest] = [given["probeDeadlineS"] as number, given["maxProbeDeadlineS"] as number];
    return compare(
      {
        sleepBeforeRoundS: numbers(rounds).map((round) => pauseBefore(round, pauses)),
        probeDeadlineS: numbers(rounds).map((round) => probeDeadline(round, first, longest)),
      },
      expect as Table<unknown>,
    );
  }
  const names = new Names();
  const most = given["maxOngoing"] as Table<number>;
  const cached = (given["cachedQueueLen"] ?? {}) as Table<number | null>;
  const probed = (given["probeQueueLen"] ?? {}) as Table<number | null>;
  const pair = (given["sampledPair"] as string[]).map((name) => names.of(name));
  const limit = (replica: number): number => most[names.name(replica)!] ?? Infinity;
  const { chosen, ask } = chooseKnown(pair, (replica) => {
    const length = cached[names.name(replica)!] ?? -1;
    return length >= limit(replica) ? -1 : length;
  });
  const asked = ask.map((replica) => names.name(replica));
  const answered = chosen >= 0 ? chosen : chooseAnswered(ask, (replica) => probed[names.name(replica)!] ?? null, limit);
  return compare(
    {
      chosen: names.name(answered),
      probedInForeground: chosen < 0 ? asked : [],
      probedInBackground: chosen < 0 ? [] : asked,
    },
    expect as Table<unknown>,
  );
};

interface TreeCase {
  readonly prompt: string | null;
  readonly inserts: readonly (readonly [text: string, tenant: string, time: number])[];
  readonly config: Table<number>;
}

function treeOf({ inserts }: TreeCase, names: Names): PrefixTree {
  const tree = new PrefixTree();
  for (const replica of names.list.keys()) tree.add(replica);
  for (const [text, tenant, time] of inserts) {
    const symbols = symbolsOf(text);
    tree.insert(symbols, symbols.length, names.of(tenant), time);
  }
  return tree;
}

function textOf(prompt: string | null): Text {
  const symbols = symbolsOf(prompt ?? "");
  return { symbols, length: symbols.length };
}

const LATEST = 1e9;

export const checkRay: Check = (example) => {
  const { replicas, pow2Pair, expect } = example as unknown as { replicas: Table<number>; pow2Pair: string[]; expect: Table<unknown> };
  const { config, prompt } = example as unknown as TreeCase;
  const names = new Names();
  const queues = Object.entries(replicas).map(([name, queue]) => {
    names.of(name);
    return queue;
  });
  const tree = treeOf(example as unknown as TreeCase, names);
  const all = [...names.list.keys()];
  const text = textOf(prompt);
  const thresholds = { imbalance: config["imbalancedThreshold"] ?? Infinity, matchRate: config["matchRateThreshold"]! };
  // Without a text there is nothing to match: the pair.
  const choice: PrefixChoice =
    prompt === null ? { branch: "load", matchRate: NaN, group: [] } : rayChoice(tree, text, all, all, queues, thresholds);
  const group = choice.branch === "load" ? pow2Pair.map((name) => names.of(name)) : choice.group;
  const { chosen } = chooseKnown(group, (replica) => queues[replica]!);
  const winners = group.filter((replica) => queues[replica] === queues[chosen]).map((replica) => names.name(replica)!);
  const after = Object.fromEntries(
    winners.map((winner) => {
      const own = treeOf(example as unknown as TreeCase, names);
      own.insert(text.symbols, text.length, names.of(winner), LATEST);
      return [winner, Object.fromEntries(names.list.map((name, replica) => [name, own.countOf(replica)]))];
    }),
  );
  const sorted = (list: unknown): unknown => (Array.isArray(list) ? [...(list as string[])].sort() : list);
  return compare(
    {
      branch: choice.branch === "load" ? "pow2" : choice.branch,
      matchRate: Number.isNaN(choice.matchRate) ? null : choice.matchRate,
      group: group.map((replica) => names.name(replica)!).sort(),
      chosenOneOf: [...winners].sort(),
      charCountsAfterByChoice: after,
    },
    { ...expect, group: sorted(expect["group"]), chosenOneOf: sorted(expect["chosenOneOf"]) },
  );
};

export const checkSglang: Check = (example) => {
  const { loads, expect } = example as unknown as { loads: Table<number>; expect: Table<unknown> };
  const { config, prompt } = example as unknown as TreeCase;
  const names = new Names();
  const values = Object.entries(loads).map(([name, load]) => {
    names.of(name);
    return load;
  });
  const tree = treeOf(example as unknown as TreeCase, names);
  const all = [...names.list.keys()];
  const choice = sglangChoice(tree, textOf(prompt), all, values, {
    absolute: config["balanceAbsThreshold"]!,
    relative: config["balanceRelThreshold"]!,
    share: config["cacheThreshold"]!,
  });
  const least = Math.min(...values);
  const winners = choice.branch === "load" ? all.filter((replica) => values[replica] === least) : choice.group;
  const { branch, matchRate, chosenOneOf, ...others } = expect as { branch: string; matchRate: number | null; chosenOneOf: string[] };
  // Both ways that ask the tree are one branch to SGLang.
  const asked = branch === "cache" || !branch.startsWith("shortest");
  const right = chosenOneOf.filter((name) => winners.includes(names.of(name)));
  return (
    compare({}, others) ||
    differs("asks the tree", choice.branch !== "load", asked) ||
    differs("matchRate", Number.isNaN(choice.matchRate) ? null : choice.matchRate, matchRate) ||
    // Ties are anybody's: every choice of ours must be right.
    (winners.length > 0 && winners.every((replica) => chosenOneOf.includes(names.name(replica)!))
      ? ""
      : differs("chosenOneOf", winners.map((replica) => names.name(replica)).sort(), [...chosenOneOf].sort())) ||
    (right.length > 0 ? "" : "nobody to choose")
  );
};

export const checkPicker: Check = ({ weights, pods, expect }) => {
  const given = pods as Table<{ matchedHashes: number; totalHashes: number; waiting: number; kvUsage: number }>;
  const names = Object.keys(given);
  const { prefix = 0, queue = 0, kv = 0, ...unknown } = weights as Table<number>;
  const [strange] = Object.keys(unknown);
  if (strange !== undefined) return `no scorer is called "${strange}"`;
  const totals = weightedScores(
    names.map((name) => {
      const { matchedHashes: matched, totalHashes: total, waiting, kvUsage } = given[name]!;
      return { matched, total, waiting, kvUsage };
    }),
    { prefix, queue, kv },
  );
  const best = Math.max(...totals);
  return compare(
    {
      totals: Object.fromEntries(names.map((name, i) => [name, totals[i]!])),
      chosenOneOf: names.filter((_, i) => totals[i]! >= best - TOLERANCE).sort(),
    },
    { ...(expect as Table<unknown>), chosenOneOf: [...(expect as { chosenOneOf: string[] }).chosenOneOf].sort() },
  );
};

interface DynamoWorker {
  readonly activePrefillTokens: number;
  readonly overlapBlocks: number;
  readonly decodeBlocksIfPlaced: number;
}

export const checkDynamo: Check = ({ workers, logits, temperature, islTokens, blockSize, overlapScoreWeight, expect }) => {
  const given = (workers ?? {}) as Table<DynamoWorker>;
  const costs =
    (logits as Table<number> | undefined) ??
    Object.fromEntries(
      Object.entries(given).map(([name, { activePrefillTokens, overlapBlocks, decodeBlocksIfPlaced }]) => [
        name,
        kvCost(
          { prefillTokens: activePrefillTokens, overlapBlocks, decodeBlocks: decodeBlocksIfPlaced },
          islTokens as number,
          blockSize as number,
          overlapScoreWeight as number,
        ),
      ]),
    );
  const names = Object.keys(costs);
  const values = names.map((name) => costs[name]!);
  const chances = typeof temperature === "number" && temperature > 0 ? costChances(values, temperature) : [];
  const least = Math.min(...values);
  const lowest = names.filter((_, i) => values[i]! <= least + TOLERANCE).sort();
  const wanted = expect as Table<unknown>;
  const chosen = wanted["chosenOneOf"] as string[] | undefined;
  return compare(
    {
      logits: costs,
      probabilities: Object.fromEntries(names.map((name, i) => [name, chances[i]])),
      chosenOneOf: lowest,
    },
    chosen === undefined ? wanted : { ...wanted, chosenOneOf: [...chosen].sort() },
  );
};
