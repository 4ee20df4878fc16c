// A conversation stays where it began: its prompts repeat what came before.
import { number } from "../../engine/params.ts";
import { definePolicy } from "../../engine/contracts.ts";

export const sessionAffinity = definePolicy({
  kind: "routing",
  id: "session-affinity",
  label: "Session affinity",
  help: "Sends the requests of a session to the replica that had the last one, unless that is overloaded; a new session to the least outstanding. Needs traffic with sessions.",
  params: {
    bound: number(0, "A session moves when its replica has more than this many times the mean load; 0 = never.", {
      label: "Moves above",
      min: 0,
      max: 1000,
      step: 0.1,
    }),
    idleSeconds: number(3600, "A session that was quiet for longer is forgotten.", { label: "Forgets after", min: 1, max: 1e7, unit: "s" }),
  },
  create: ({ bound, idleSeconds }) => {
    const state = {
      /** By session: its replica and the time of its last request. Swept when it has doubled. */
      replicas: new Map<number, number>(),
      times: new Map<number, number>(),
      sweepAt: 1024,
    };
    const forget = (now: number): void => {
      for (const [session, at] of state.times) {
        if (at + idleSeconds >= now) continue;
        state.times.delete(session);
        state.replicas.delete(session);
      }
      state.sweepAt = Math.max(1024, 2 * state.times.size);
    };
    return {
      state,
      route: (slot, { now, requests, candidates, candidateCount, load }) => {
        let least = candidates[0]!;
        let total = 0;
        for (let i = 0; i < candidateCount; i++) {
          const replica = candidates[i]!;
          total += load.outstanding[replica]!;
          if (load.outstanding[replica]! < load.outstanding[least]!) least = replica;
        }
        const session = requests.session[slot]!;
        if (session < 0) return least;
        const known = (state.times.get(session) ?? -Infinity) + idleSeconds >= now ? state.replicas.get(session) : undefined;
        const stays =
          known !== undefined &&
          candidates.subarray(0, candidateCount).includes(known) &&
          (bound === 0 || load.outstanding[known]! <= (bound * (total + 1)) / candidateCount);
        const replica = stays ? known : least;
        state.replicas.set(session, replica);
        state.times.set(session, now);
        if (state.times.size > state.sweepAt) forget(now);
        return replica;
      },
      judges: ["load"],
      judge: (_slot, replica, { load }, into) => {
        into[0] = load.outstanding[replica]!;
      },
      memory: () => ({ sessions: state.replicas.size }),
    };
  },
});
