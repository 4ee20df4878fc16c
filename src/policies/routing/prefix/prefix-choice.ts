// Which replicas a prompt should go to, by load and by what they were sent before: the decisions of Ray Serve's prefix-aware router and of SGLang's
// cache-aware one, on a tree that remembers prompts.
import type { PrefixTree } from "./prefix-tree.ts";

/** Symbols of a prompt: the first `length`. */
export interface Text {
  readonly symbols: Int32Array;
  readonly length: number;
}

export interface PrefixChoice {
  /** `load`: too uneven, the tree was not asked. `prefix`: who has the beginning of the prompt. `smallest`: nobody has enough of it. */
  readonly branch: "load" | "prefix" | "smallest";
  /** Share of the prompt that was found in the tree; NaN when it was not asked. */
  readonly matchRate: number;
  /** Replicas to choose among; with `load` none. */
  readonly group: readonly number[];
}

const LOAD: PrefixChoice = { branch: "load", matchRate: NaN, group: [] };

/** Share of a text found in the tree at one of the candidates; of an empty text 0. */
function rateOf(tree: PrefixTree, { symbols, length }: Text, candidates: readonly number[]): number {
  tree.match(symbols, length, candidates);
  return length === 0 ? 0 : tree.matched / length;
}

/** Replicas that have the least in the tree. */
function smallestOf(tree: PrefixTree, among: readonly number[]): number[] {
  let least = Infinity;
  for (const replica of among) if (tree.has(replica) && tree.countOf(replica) < least) least = tree.countOf(replica);
  return among.filter((replica) => tree.has(replica) && tree.countOf(replica) === least);
}

/** Longest minus shortest queue of those known (NaN: not known). */
export function queueSpread(queues: readonly number[]): number {
  let most = -Infinity;
  let least = Infinity;
  for (const queue of queues) {
    if (queue > most) most = queue;
    if (queue < least) least = queue;
  }
  return most - least;
}

/**
 * Ray's: power of two when queues differ by more than a threshold; else the owners of the longest match, if it is long enough; else the replicas with the
 * least in the tree. The smallest are looked for among all `tenants`, of whom the candidates of a round may be a part.
 */
export function rayChoice(
  tree: PrefixTree,
  text: Text,
  candidates: readonly number[],
  tenants: readonly number[],
  queues: readonly number[],
  { imbalance, matchRate }: { readonly imbalance: number; readonly matchRate: number },
): PrefixChoice {
  if (queueSpread(queues) > imbalance) return LOAD;
  const rate = rateOf(tree, text, candidates);
  const enough = rate >= matchRate;
  const group = enough ? candidates.filter((replica) => tree.ownsLast(replica)) : smallestOf(tree, tenants);
  return { branch: group.length === 0 ? "load" : enough ? "prefix" : "smallest", matchRate: rate, group };
}

/** SGLang's: the least loaded when loads differ by a number and by a factor; else who has more than a share of the prompt; else the smallest in the tree. */
export function sglangChoice(
  tree: PrefixTree,
  text: Text,
  candidates: readonly number[],
  loads: readonly number[],
  { absolute, relative, share }: { readonly absolute: number; readonly relative: number; readonly share: number },
): PrefixChoice {
  let most = 0;
  let least = Infinity;
  for (const load of loads) {
    if (load > most) most = load;
    if (load < least) least = load;
  }
  if (most - least > absolute && most > relative * least) return LOAD;
  const rate = rateOf(tree, text, candidates);
  const enough = rate > share;
  const group = enough ? candidates.filter((replica) => tree.ownsLast(replica)) : smallestOf(tree, candidates);
  return { branch: enough ? "prefix" : "smallest", matchRate: rate, group };
}
