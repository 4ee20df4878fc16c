// A bound on what waits: beyond it, requests are refused at the door instead of waiting in vain.
import { choice, integer } from "../../engine/params.ts";
import { Verdict, definePolicy } from "../../engine/contracts.ts";

export const queueLimit = definePolicy({
  kind: "admission",
  id: "queue-limit",
  label: "Queue limit",
  help: "Refuses a request when too many already wait for a batch.",
  params: {
    limit: integer(64, "Most requests that may wait.", { label: "At most", min: 0, max: 1_000_000, unit: "req" }),
    per: choice(
      "replica",
      { replica: "Replica", fleet: "Fleet" },
      "Count the shortest queue of any replica, or all queues together.",
      "Counted per",
    ),
  },
  create: ({ limit, per }) => ({
    admit: (_slot, { candidates, candidateCount, load, heldCount }) => {
      let least = candidateCount === 0 ? 0 : Infinity;
      let sum = heldCount;
      for (let i = 0; i < candidateCount; i++) {
        const waiting = load.waiting[candidates[i]!]!;
        sum += waiting;
        if (waiting < least) least = waiting;
      }
      const waiting = per === "fleet" ? sum : least + heldCount;
      return waiting >= limit ? Verdict.refuse : Verdict.accept;
    },
  }),
});
