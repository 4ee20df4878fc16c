// Each request to the replica with the fewest unfinished requests, or tokens.
// Equals take turns: with ties to the lowest index an idle fleet would send everything to the first replica.
import { choice, flag } from "../../engine/params.ts";
import { definePolicy } from "../../engine/contracts.ts";
import type { FleetView, Router } from "../../engine/contracts.ts";

export const leastOutstanding = definePolicy({
  kind: "routing",
  id: "least-outstanding",
  label: "Least outstanding",
  help: "Sends each request to the replica with the least unfinished work. Replicas with equal work take turns.",
  params: {
    count: choice(
      "requests",
      { requests: "Requests", tokens: "Tokens" },
      "What is counted: unfinished requests, or their prompt and output tokens (an oracle: it knows output lengths).",
    ),
    waitingOnly: flag(false, "Count only requests that wait for a batch, as Vidur's router does. Ignored when tokens are counted.", {
      label: "Waiting only",
      word: "ignore running",
    }),
    tiesToFirst: flag(false, "Give ties to the lowest replica, as Vidur's router does: under light load it gets everything.", {
      label: "Ties to first",
      word: "lowest number",
    }),
  },
  create: ({ count, waitingOnly, tiesToFirst }) =>
    new LeastOutstanding(count === "tokens" ? "outstandingTokens" : waitingOnly ? "waiting" : "outstanding", tiesToFirst),
});

/** A class, where most policies are closures: with closures made for each run, JavaScript engines compile anew whatever calls them for each request. */
class LeastOutstanding implements Router {
  /** Position after the replica chosen last: the search starts there, so that equals take turns. */
  readonly state = { next: 0 };
  private readonly column: "outstandingTokens" | "waiting" | "outstanding";
  private readonly tiesToFirst: boolean;

  constructor(column: "outstandingTokens" | "waiting" | "outstanding", tiesToFirst: boolean) {
    this.column = column;
    this.tiesToFirst = tiesToFirst;
  }

  route(_slot: number, { candidates, candidateCount, load }: FleetView): number {
    const { state, column } = this;
    const values = column === "outstanding" ? load.outstanding : column === "waiting" ? load.waiting : load.outstandingTokens;
    const start = this.tiesToFirst || state.next >= candidateCount ? 0 : state.next;
    const first = candidates[0]!;
    // They ascend: without gaps they are a range.
    const place =
      candidates[candidateCount - 1]! - first === candidateCount - 1
        ? leastOfRange(values, first, candidateCount, start)
        : leastOf(values, candidates, candidateCount, start);
    state.next = place + 1;
    return candidates[place]!;
  }
}

/** Position of the least value of the candidates, the first from `start` on, going round. */
function leastOf(values: ArrayLike<number>, candidates: Int32Array, count: number, start: number): number {
  let place = start;
  let least = values[candidates[start]!]!;
  for (let i = 1; i < count; i++) {
    const at = start + i < count ? start + i : start + i - count;
    const value = values[candidates[at]!]!;
    if (value < least) {
      place = at;
      least = value;
    }
  }
  return place;
}

/** The same for the candidates `first` to `first` + `count` - 1. Four at a time, as this is all that the router does. */
function leastOfRange(values: ArrayLike<number>, first: number, count: number, start: number): number {
  let best = first + start;
  let least = values[best]!;
  let at = best + 1;
  let end = first + count;
  for (;;) {
    for (; at + 3 < end; at += 4) {
      const a = values[at]!;
      const b = values[at + 1]!;
      const c = values[at + 2]!;
      const d = values[at + 3]!;
      if (a < least) least = values[(best = at)]!;
      if (b < least) least = values[(best = at + 1)]!;
      if (c < least) least = values[(best = at + 2)]!;
      if (d < least) least = values[(best = at + 3)]!;
    }
    for (; at < end; at++) if (values[at]! < least) least = values[(best = at)]!;
    // Then those before the first one.
    if (end === first + start) return best - first;
    at = first;
    end = first + start;
  }
}
