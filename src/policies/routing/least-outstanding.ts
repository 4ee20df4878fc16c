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
    let place = start;
    let least = values[candidates[start]!]!;
    for (let i = start + 1; i < candidateCount; i++) {
      const value = values[candidates[i]!]!;
      if (value < least) {
        place = i;
        least = value;
      }
    }
    for (let i = 0; i < start; i++) {
      const value = values[candidates[i]!]!;
      if (value < least) {
        place = i;
        least = value;
      }
    }
    state.next = place + 1;
    return candidates[place]!;
  }
}
