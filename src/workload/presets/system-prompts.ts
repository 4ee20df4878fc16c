// Requests that start with one of many system prompts of unequal popularity, and sessions as numbers: lengths come from a law.
import { quantileAt, quantileTable } from "../synth/quantiles.ts";
import type { Random } from "../../engine/kernel/random.ts";
import type { RequestBodies } from "../source.ts";
import type { LengthLaw } from "../synth/types.ts";
import type { WorkloadFacts } from "./facts.ts";

const BLOCK = 16;
/** Requests that a session may be continued from. */
const REMEMBERED = 4096;

type SystemPromptFacts = NonNullable<NonNullable<WorkloadFacts["components"]>["sys_prompt"]>;

/** Rank of a system prompt: the first by its own share, then evenly within 2 to 10, 11 to 100 and the rest, as far as the facts tell them apart. */
function drawRank(facts: SystemPromptFacts, random: Random): number {
  const u = random.uniform();
  if (u < facts.top1_share) return 0;
  if (u < facts.top10_share) return 1 + random.below(9);
  if (u < facts.top100_share) return 10 + random.below(90);
  return 100 + random.below(Math.max(1, facts.unique - 100));
}

export function systemPromptBodies(facts: WorkloadFacts, law: LengthLaw, random: (name: string) => Random): RequestBodies {
  const prompts = facts.components!.sys_prompt!;
  const prefix = random("prefixes");
  const sessions = random("sessions");
  const turns = facts.sessions?.turns?.mean ?? 1;
  const gap = facts.sessions?.gap_between_turns_s;
  // Gaps between turns: three quantiles are known; 0 and three times the p90 close the ends.
  const gaps = gap ? quantileTable([0, 0.1, 0.5, 0.9, 1], [0, gap.p10, gap.p50, gap.p90, 3 * gap.p90]) : null;
  const shared = Math.floor(prompts.tokens_p50 / BLOCK);
  const state = {
    law: law.state ?? {},
    count: 0,
    time: new Float64Array(REMEMBERED),
    session: new Int32Array(REMEMBERED),
    rank: new Int32Array(REMEMBERED),
    sessions: 0,
    ids: new Int32Array(1024),
    nextId: prompts.unique * shared,
  };
  const parentOf = (at: number): number => {
    let entry = state.count - 1;
    const first = Math.max(0, state.count - REMEMBERED);
    while (entry > first && state.time[entry % REMEMBERED]! > at) entry--;
    return entry % REMEMBERED;
  };
  return {
    state,
    prefixBlockTokens: BLOCK,
    get prefixIds() {
      return state.ids;
    },
    fill: (into) => {
      law.fill(into);
      let rank: number;
      let session: number;
      if (gaps !== null && state.count > 0 && sessions.uniform() < 1 - 1 / turns) {
        const parent = parentOf(into.arrivedAt - quantileAt(gaps, sessions.uniform()));
        session = state.session[parent]!;
        rank = state.rank[parent]!;
      } else {
        session = state.sessions++;
        rank = drawRank(prompts, prefix);
      }
      const entry = state.count++ % REMEMBERED;
      state.time[entry] = into.arrivedAt;
      state.session[entry] = session;
      state.rank[entry] = rank;
      const blocks = Math.ceil(into.promptTokens / BLOCK);
      if (blocks > state.ids.length) state.ids = new Int32Array(2 * blocks);
      const { ids } = state;
      for (let i = 0; i < blocks; i++) ids[i] = i < shared ? rank * shared + i : state.nextId++ | 0;
      into.session = session;
      into.prefixStart = 0;
      into.prefixCount = blocks;
    },
  };
}
