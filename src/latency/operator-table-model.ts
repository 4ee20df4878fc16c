// Vidur's execution-time model on measured operator times (microsoft/vidur@7d47513; docs/fidelity.md says how exactly it is repeated).
//   iteration = layers x (operators of the tokens + decode attention + prefill attention + 2 all-reduces) + one send to the next stage + host time
// Tokens are rounded up to a multiple of 8, contexts to a multiple of 64, as the profiles are.
import type { BatchShape, Chunks, DecodeForm, LatencyModel, LatencyParts } from "../engine/contracts.ts";
import { LAYER_OPS, tablesFor } from "./profile/select.ts";
import type { ShardTables } from "./profile/select.ts";
import type { OperatorProfile } from "./profile/types.ts";
import { emptyShape } from "./shape.ts";
import { layersOfStage } from "./shard-shape.ts";
import { LatencyProblem } from "./types.ts";
import type { LatencyTerm, OpenProfile, Overheads, ProfileRange, Shard } from "./types.ts";

const TOKEN_STEP = 8;
const KV_STEP = 64;
/** Vidur's allowance for attention of several requests with grouped queries. */
const BATCHED_ATTENTION = 1.1;
/** Milliseconds to launch an all-reduce (NCCL), which its profile does not hold. */
const ALL_REDUCE_LAUNCH = 0.02;
/** Token counts up to which sums are kept ready. */
const MOST_TOKENS = 65_536;
/** Cells of decode attention that are kept ready. */
const MOST_CELLS = 1_000_000;

/** To the nearest whole number, halves to the even one: Python's round, which decides table rows in Vidur. */
const toEven = (x: number): number => {
  const low = Math.floor(x);
  const rest = x - low;
  return rest > 0.5 || (rest === 0.5 && low % 2 === 1) ? low + 1 : low;
};

export class OperatorTableModel implements LatencyModel {
  private readonly tables: ShardTables;
  private readonly layers: readonly number[];
  private readonly stages: number;
  private readonly batched: number;
  private readonly perIteration: number;
  private readonly perRequest: number;
  /** Milliseconds of a layer without attention, and of a send, by tokens. */
  private readonly layerMs: Float64Array;
  private readonly hopMs: Float64Array;
  /** Milliseconds of decode attention of a layer by requests (0 to decodes) and steps of the context (0 to kvSteps). */
  private readonly decodeMs: Float64Array;
  private readonly decodes: number;
  private readonly kvSteps: number;

  constructor(tables: ShardTables, { model, pipelineParallel }: Shard, { perIteration, perRequest }: Overheads) {
    this.tables = tables;
    this.stages = pipelineParallel;
    this.layers = Array.from({ length: pipelineParallel }, (_, stage) => layersOfStage(model, pipelineParallel, stage));
    this.batched = model.heads > model.kvHeads ? BATCHED_ATTENTION : 1;
    this.perIteration = perIteration;
    this.perRequest = perRequest;
    const tokens = Math.min(MOST_TOKENS, Math.ceil(rangeOf(tables).tokens));
    const byTokens = (f: (tokens: number) => number): Float64Array => Float64Array.from({ length: tokens + 1 }, (_, t) => f(t));
    this.layerMs = byTokens((t) => this.layerAt(t));
    this.hopMs = byTokens((t) => this.hopAt(t));
    this.kvSteps = Math.ceil(tables.decode.lastColumn / KV_STEP);
    this.decodes = Math.min(Math.floor(tables.decode.lastRow), Math.floor(MOST_CELLS / (this.kvSteps + 1)));
    this.decodeMs = new Float64Array((this.decodes + 1) * (this.kvSteps + 1));
    for (let requests = 1; requests <= this.decodes; requests++)
      for (let step = 0; step <= this.kvSteps; step++)
        this.decodeMs[requests * (this.kvSteps + 1) + step] = tables.decode.at(requests, step * KV_STEP);
  }

  private layerAt(tokens: number): number {
    const { ops, kvSave, allReduce } = this.tables;
    const rounded = Math.ceil(tokens / TOKEN_STEP) * TOKEN_STEP;
    let ms = kvSave === null ? 0 : kvSave.at(tokens);
    for (let i = 0; i < ops.length; i++) ms += ops[i]?.at(rounded) ?? 0;
    return allReduce === null ? ms : ms + 2 * (allReduce.at(rounded) + ALL_REDUCE_LAUNCH);
  }

  private hopAt(tokens: number): number {
    const { sendRecv } = this.tables;
    return sendRecv === null ? 0 : sendRecv.at(Math.ceil(tokens / TOKEN_STEP) * TOKEN_STEP);
  }

  /** Decode attention inside the table, and beyond its longest context along the upper half of its row: it reads the cache once. */
  private decodeRow(requests: number, step: number): number {
    const { decodeMs, kvSteps } = this;
    const row = requests * (kvSteps + 1);
    if (step <= kvSteps) return decodeMs[row + step]!;
    const half = kvSteps >> 1;
    const last = decodeMs[row + kvSteps]!;
    return last + Math.max(0, (last - decodeMs[row + half]!) / (kvSteps - half)) * (step - kvSteps);
  }

  /** Beyond the largest batch it grows with the requests, as from half of that batch to it. */
  private decodeAt(requests: number, step: number): number {
    const { decodes } = this;
    const ms = requests <= decodes ? this.decodeRow(requests, step) : this.decodeBeyond(requests, step);
    return requests > 1 ? ms * this.batched : ms;
  }

  private decodeBeyond(requests: number, step: number): number {
    const { decodes } = this;
    const half = decodes >> 1;
    const last = this.decodeRow(decodes, step);
    const slope = (last - (half === 0 ? 0 : this.decodeRow(half, step))) / (decodes - half);
    return last + Math.max(0, slope) * (requests - decodes);
  }

  /** Prefill attention inside the table; beyond it in proportion to its work, chunk x (past + chunk / 2). */
  private prefillAt(chunk: number, past: number): number {
    const { prefill } = this.tables;
    const mostChunk = prefill.lastRow;
    const mostPast = prefill.lastColumn;
    const ms = prefill.at(chunk, past);
    if (chunk <= mostChunk && past <= mostPast) return ms;
    const nearChunk = Math.min(chunk, mostChunk);
    return ms * ((chunk * (past + chunk / 2)) / (nearChunk * (Math.min(past, mostPast) + nearChunk / 2)));
  }

  /** Steps of the context that decodes are rounded up to. Vidur counts the token that a decode reads in: one more per request than its cache holds. */
  private kvStep(requests: number, context: number): number {
    return Math.ceil(Math.floor((context + requests) / requests) / KV_STEP);
  }

  private seconds(layerMs: number, tokens: number, requests: number, stage: number): number {
    let hop = 0;
    if (stage < this.stages - 1) hop = tokens < this.hopMs.length ? this.hopMs[tokens]! : this.hopAt(tokens);
    return 1e-3 * (this.layers[stage]! * layerMs + hop) + (this.perIteration + this.perRequest * requests);
  }

  private decodeAttention({ decodeRequests, decodeContext }: BatchShape): number {
    return decodeRequests === 0 ? 0 : this.decodeAt(decodeRequests, this.kvStep(decodeRequests, decodeContext));
  }

  private prefillAttention({ prefillRequests, prefillContext, prefillSquares }: BatchShape, chunks: Chunks | undefined): number {
    if (prefillRequests === 0) return 0;
    let past = 0;
    if (chunks === undefined) past = Math.ceil(prefillContext / KV_STEP);
    else for (let i = 0; i < chunks.count; i++) past += Math.ceil(chunks.past[i]! / KV_STEP);
    const ms = this.prefillAt(toEven(Math.sqrt(prefillSquares)), past * KV_STEP);
    return prefillRequests > 1 ? ms * this.batched : ms;
  }

  iteration(shape: BatchShape, stage: number, chunks?: Chunks): number {
    const { decodeRequests, prefillRequests } = shape;
    const tokens = shape.prefillTokens + decodeRequests;
    let layer = tokens < this.layerMs.length ? this.layerMs[tokens]! : this.layerAt(tokens);
    layer += this.decodeAttention(shape);
    layer += this.prefillAttention(shape, chunks);
    return this.seconds(layer, tokens, decodeRequests + prefillRequests, stage);
  }

  /** Constant until the mean context passes the next multiple of 64. */
  decodeForm(requests: number, context: number, into: DecodeForm): void {
    const step = this.kvStep(requests, context);
    let layer = requests < this.layerMs.length ? this.layerMs[requests]! : this.layerAt(requests);
    layer += this.decodeAt(requests, step);
    // As iteration() adds nothing for prefills: the same bits.
    into.base = this.seconds(layer, requests, requests, 0);
    into.perContext = 0;
    into.below = step * KV_STEP * requests;
  }

  /** Where the milliseconds of one layer go, and those of the send to the next stage: by operator, under Vidur's names. */
  parts(shape: BatchShape, stage: number, chunks?: Chunks): Readonly<Record<string, number>> {
    const { ops, kvSave, allReduce } = this.tables;
    const tokens = shape.prefillTokens + shape.decodeRequests;
    const rounded = Math.ceil(tokens / TOKEN_STEP) * TOKEN_STEP;
    return {
      ...Object.fromEntries(LAYER_OPS.map((op, i) => [op, ops[i]?.at(rounded) ?? 0])),
      attn_kv_cache_save: kvSave === null ? 0 : kvSave.at(tokens),
      attn_decode: this.decodeAttention(shape),
      attn_prefill: this.prefillAttention(shape, chunks),
      all_reduce: allReduce === null ? 0 : allReduce.at(rounded) + ALL_REDUCE_LAUNCH,
      send_recv: stage < this.stages - 1 ? this.hopAt(tokens) : 0,
    };
  }

  /** The same of a whole iteration, seconds, and the host's share. What this shard never does has no part. */
  iterationParts(): LatencyParts {
    const { perIteration, perRequest } = this;
    const { ops, kvSave, allReduce, sendRecv } = this.tables;
    const absent = new Set<string>(LAYER_OPS.filter((_, i) => ops[i] === null));
    if (kvSave === null) absent.add("attn_kv_cache_save");
    if (allReduce === null) absent.add("all_reduce");
    if (sendRecv === null) absent.add("send_recv");
    const operators = Object.keys(this.parts(emptyShape, 0)).filter((name) => !absent.has(name));
    return {
      names: [...operators, "host"],
      of: (shape, stage, into, chunks) => {
        const ms = this.parts(shape, stage, chunks);
        const layers = this.layers[stage]!;
        operators.forEach((name, i) => {
          const times = name === "send_recv" ? 1 : name === "all_reduce" ? 2 * layers : layers;
          into[i] = 1e-3 * times * ms[name]!;
        });
        into[operators.length] = perIteration + perRequest * (shape.decodeRequests + shape.prefillRequests);
      },
    };
  }
}

function rangeOf({ ops, decode, prefill, allReduce }: ShardTables): ProfileRange {
  const ends = [...ops, allReduce].flatMap((curve) => (curve === null ? [] : [curve.end]));
  return {
    tokens: Math.min(...ends),
    decodes: decode.lastRow,
    context: Math.min(decode.lastColumn, prefill.lastColumn),
    chunk: prefill.lastRow,
  };
}

const MATRIX_OPS = ["attn_pre_proj", "attn_post_proj", "mlp_up_proj", "mlp_down_proj"];

function termsOf(open: OperatorTableModel, range: ProfileRange, layers: number, source: string): LatencyTerm[] {
  const sixtyFour = { ...emptyShape, decodeRequests: 64, decodeContext: 64_000 };
  const parts = open.parts(sixtyFour, 0);
  const sum = (ops: readonly string[]): number => layers * ops.reduce((total, op) => total + parts[op]!, 0);
  const term = (label: string, value: number, unit: string): LatencyTerm => ({ label, value, unit, source });
  const decodes = (count: number): number => 1e3 * open.iteration({ ...emptyShape, decodeRequests: count, decodeContext: 1000 * count }, 0);
  const prefill = { ...emptyShape, prefillTokens: 1000, prefillRequests: 1, prefillWork: 500_000, prefillSquares: 1_000_000 };
  return [
    term("One decode, context 1,000", decodes(1), "ms"),
    term("64 decodes, context 1,000 each", decodes(64), "ms"),
    term("of it matrix products", sum(MATRIX_OPS), "ms"),
    term("of it attention", sum(["attn_decode"]), "ms"),
    ...(parts["all_reduce"]! > 0 ? [term("of it all-reduce", 2 * sum(["all_reduce"]), "ms")] : []),
    term("Prefill of 1,000 tokens", 1e3 * open.iteration(prefill, 0), "ms"),
    term("Measured to, tokens of a batch", range.tokens, "tok"),
    term("Measured to, decodes", range.decodes, "req"),
    term("Measured to, context", range.context, "tok"),
    term("Measured to, prompt chunk", range.chunk, "tok"),
  ];
}

/** A profile ready for use; `name` is how errors and figures call it. */
export function openProfile(profile: OperatorProfile, name: string): OpenProfile {
  // Pools of one shape, and a run after the other, share their tables.
  const found = new Map<string, ShardTables | string>();
  const find = (shard: Shard, blockSize: number): ShardTables | string => {
    const key = `${shard.model.id} ${shard.tensorParallel} ${shard.pipelineParallel} ${blockSize}`;
    const tables = found.get(key) ?? tablesFor(profile, name, shard, blockSize);
    found.set(key, tables);
    return tables;
  };
  const demand = (shard: Shard, blockSize: number): ShardTables => {
    const tables = find(shard, blockSize);
    if (typeof tables === "string") throw new LatencyProblem(tables);
    return tables;
  };
  return {
    kind: "operators",
    problem: (shard, blockSize) => {
      const tables = find(shard, blockSize);
      return typeof tables === "string" ? tables : null;
    },
    range: (shard, blockSize) => rangeOf(demand(shard, blockSize)),
    create: (shard, overheads, blockSize) => new OperatorTableModel(demand(shard, blockSize), shard, overheads),
    parts: (shard, overheads, blockSize) => new OperatorTableModel(demand(shard, blockSize), shard, overheads).iterationParts(),
    explain: (shard, overheads, blockSize) => {
      const tables = demand(shard, blockSize);
      return termsOf(
        new OperatorTableModel(tables, shard, overheads),
        rangeOf(tables),
        layersOfStage(shard.model, shard.pipelineParallel, 0),
        `profile ${name}`,
      );
    },
  };
}
