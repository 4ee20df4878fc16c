// Conversations seen from the server: each request starts afresh or continues an earlier one whose prompt blocks it shares. The parent is
// the request that arrived nearest to a drawn gap ago, so that any arrival process can drive it.
import type { ArrivalRow } from "../../engine/contracts.ts";
import type { Random } from "../../engine/kernel/random.ts";
import type { RequestBodies } from "../source.ts";
import { quantileAt, quantileTable } from "../synth/quantiles.ts";
import { wholeTokens } from "../synth/types.ts";
import type { OutputGivenPrompt, SessionFacts, TokenQuantiles } from "./facts.ts";
import { outputsGivenPrompt } from "./lengths.ts";

/** Requests that can still be continued: bounds the memory at high rates, where gaps then reach back this many requests at most. */
const REMEMBERED = 65536;

export interface BranchFacts extends SessionFacts {
  readonly p: readonly number[];
  readonly p_continue: number;
  readonly gap_to_parent_s: readonly number[];
  readonly growth_tokens: readonly number[];
  readonly new_prompt: TokenQuantiles;
}

export const isBranching = (sessions: SessionFacts | undefined): sessions is BranchFacts =>
  sessions?.p_continue !== undefined && !!sessions.p && !!sessions.gap_to_parent_s && !!sessions.growth_tokens && !!sessions.new_prompt;

export function branchingBodies(facts: BranchFacts, outputs: OutputGivenPrompt, random: Random): RequestBodies {
  const block = facts.block_tokens ?? 512;
  const roots = facts.shared_root_blocks ?? 0;
  const fullChain = facts.p_full_chain ?? 1;
  const gaps = quantileTable(facts.p, facts.gap_to_parent_s);
  const growths = quantileTable(facts.p, facts.growth_tokens);
  const keeps = quantileTable(facts.p, facts.partial_keep_fraction ?? facts.p.map(() => 0));
  const fresh = quantileTable(facts.new_prompt.p, facts.new_prompt.tokens);
  const drawOutput = outputsGivenPrompt(outputs, random);
  const state = {
    /** Ring of remembered requests, entry i at i mod REMEMBERED: time, prompt, session, and its blocks in the ring `ids`. */
    count: 0,
    time: new Float64Array(REMEMBERED),
    prompt: new Int32Array(REMEMBERED),
    session: new Int32Array(REMEMBERED),
    /** Position of the first block in the ring of ids, counted without end. */
    start: new Float64Array(REMEMBERED),
    ids: new Int32Array(1 << 20),
    /** Blocks written so far. */
    written: 0,
    sessions: 0,
    nextId: roots,
    /** Blocks of the request taken last. */
    last: new Int32Array(1024),
  };

  /** Index of the remembered request whose time is nearest to `at`. */
  const nearest = (at: number): number => {
    let low = Math.max(0, state.count - REMEMBERED);
    const first = low;
    let high = state.count - 1;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (state.time[middle % REMEMBERED]! < at) low = middle + 1;
      else high = middle;
    }
    return low > first && at - state.time[(low - 1) % REMEMBERED]! < state.time[low % REMEMBERED]! - at ? low - 1 : low;
  };

  return {
    state,
    prefixBlockTokens: block,
    get prefixIds() {
      return state.last;
    },
    fill: (into: ArrivalRow) => {
      let prompt: number;
      let session: number;
      let kept = 0;
      let from = 0;
      if (state.count > 0 && random.uniform() < facts.p_continue) {
        const parent = nearest(into.arrivedAt - quantileAt(gaps, random.uniform())) % REMEMBERED;
        const before = state.prompt[parent]!;
        session = state.session[parent]!;
        from = state.start[parent]!;
        const whole = Math.floor(before / block);
        const full = random.uniform() < fullChain;
        const growth = quantileAt(growths, random.uniform());
        kept = full ? whole : Math.floor(whole * quantileAt(keeps, random.uniform()));
        prompt = full ? wholeTokens(before + growth) : wholeTokens(quantileAt(fresh, random.uniform()));
        kept = Math.min(kept, Math.floor(prompt / block));
        // The parent's blocks may have left the ring: then only the shared root is left to share.
        if (from < state.written - state.ids.length) kept = 0;
      } else {
        prompt = wholeTokens(quantileAt(fresh, random.uniform()));
        session = state.sessions++;
      }
      const blocks = Math.ceil(prompt / block);
      if (blocks > state.last.length) state.last = new Int32Array(2 * blocks);
      const { last, ids } = state;
      const mask = ids.length - 1;
      for (let i = 0; i < kept; i++) last[i] = ids[(from + i) & mask]!;
      for (let i = kept; i < blocks; i++) last[i] = i < roots ? i : state.nextId++ | 0;
      const entry = state.count++ % REMEMBERED;
      state.time[entry] = into.arrivedAt;
      state.prompt[entry] = prompt;
      state.session[entry] = session;
      state.start[entry] = state.written;
      for (let i = 0; i < blocks; i++) ids[(state.written + i) & mask] = last[i]!;
      state.written += blocks;
      into.promptTokens = prompt;
      into.outputTokens = drawOutput(prompt);
      into.session = session;
      into.prefixStart = 0;
      into.prefixCount = blocks;
    },
  };
}
