// Each request to the replica with the fewest unfinished requests, or tokens.
// Ties go to the replica chosen least recently: with ties to the lowest index an idle fleet would send everything to the first replica.
import { choice, flag } from "../../engine/params.ts";
import { definePolicy } from "../../engine/contracts.ts";

export const leastOutstanding = definePolicy({
  kind: "routing",
  id: "least-outstanding",
  label: "Least outstanding",
  help: "Sends each request to the replica with the least unfinished work. Ties go to the replica that was chosen least recently.",
  params: {
    count: choice("requests", { requests: "Requests", tokens: "Tokens" }, "What is counted: unfinished requests, or their prompt and output tokens (an oracle: it knows output lengths)."),
    waitingOnly: flag(false, "Count only requests that wait for a batch, as Vidur's router does. Ignored when tokens are counted.", { label: "Waiting only", word: "ignore running" }),
    tiesToFirst: flag(false, "Give ties to the lowest replica, as Vidur's router does: under light load it gets everything.", { label: "Ties to first", word: "lowest number" }),
  },
  create: ({ count, waitingOnly, tiesToFirst }) => {
    const state = { turn: 0, lastTurn: new Float64Array(16) };
    return {
      state,
      route: (_slot, { candidates, candidateCount, load }) => {
        const values = count === "tokens" ? load.outstandingTokens : waitingOnly ? load.waiting : load.outstanding;
        const { lastTurn } = state;
        let best = candidates[0]!;
        let least = values[best]!;
        for (let i = 1; i < candidateCount; i++) {
          const replica = candidates[i]!;
          const value = values[replica]!;
          if (value < least || (value === least && !tiesToFirst && (lastTurn[replica] ?? 0) < (lastTurn[best] ?? 0))) {
            best = replica;
            least = value;
          }
        }
        if (best >= lastTurn.length) {
          state.lastTurn = new Float64Array(2 * best);
          state.lastTurn.set(lastTurn);
        }
        state.lastTurn[best] = ++state.turn;
        return best;
      },
    };
  },
});
