// Vidur's execution-time model on tables of operator times (github.com/microsoft/vidur, commit 7d47513, MIT). Times in the tables are milliseconds per layer.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { BatchShape, Chunks, DecodeForm, LatencyModel } from "../src/engine/contracts.ts";

/** Columns of numbers, by name. */
export type Columns = Readonly<Record<string, Float64Array>>;

/** Columns of a CSV text; cells that are not numbers become NaN. */
export function columnsOf(csv: string): Columns {
  const [head, ...lines] = csv.trimEnd().split("\n");
  const names = head!.trim().split(",");
  const columns = names.map(() => new Float64Array(lines.length));
  lines.forEach((line, row) => {
    line.split(",").forEach((cell, i) => {
      columns[i]![row] = Number(cell);
    });
  });
  return Object.fromEntries(names.map((name, i) => [name, columns[i]!]));
}

/** Columns of a CSV file, packed where its name says so. */
export function readColumns(path: string): Columns {
  if (!existsSync(path)) throw new Error(`There is no file ${path}.`);
  const bytes = readFileSync(path);
  return columnsOf((path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString());
}

/** What the tables do not say. */
export interface VidurModel {
  readonly layers: number;
  readonly tensorParallel: number;
  readonly stages: number;
  /** Several query heads share a key and value head. */
  readonly grouped: boolean;
}

/** Vidur rounds the KV cache of a request up to a multiple of this, and the tokens of a batch up to a multiple of 8. */
const KV_STEP = 64;
const TOKEN_STEP = 8;
/** Launch of a collective, ms (nccl_cpu_launch_overhead_ms). */
const LAUNCH_MS = 0.02;
/** Attention over several requests under grouped queries (attention_decode_batching_overhead_fraction and its like for prefill). */
const BATCHING = 1.1;

const OPERATORS = [
  "attn_pre_proj",
  "attn_post_proj",
  "attn_rope",
  "input_layernorm",
  "mlp_up_proj",
  "mlp_down_proj",
  "mlp_act",
  "post_attention_layernorm",
  "add",
];

/** To the nearest whole number, halves to the even one, as Python's round. */
const toEven = (x: number): number => {
  const low = Math.floor(x);
  return x - low > 0.5 || (x - low === 0.5 && low % 2 === 1) ? low + 1 : low;
};

/** Seconds of one iteration from tables, read by name; a batch outside the tables throws. */
export function vidurLatency(read: (table: string) => Columns, { layers, tensorParallel, stages, grouped }: VidurModel): LatencyModel {
  const ops = read("ops");
  const decode = read("attn_decode");
  const prefill = read("attn_prefill");
  const most = ops["num_tokens"]!.length;
  const kvSteps = Object.keys(prefill).filter((name) => name.startsWith("kv")).length;
  const decodeTable = new Float64Array((decode["batch_size"]!.reduce((a, b) => Math.max(a, b), 0) + 1) * kvSteps).fill(NaN);
  decode["attn_decode"]!.forEach((ms, row) => {
    decodeTable[decode["batch_size"]![row]! * kvSteps + decode["kv_cache_size"]![row]! / KV_STEP] = ms;
  });
  const prefillColumns = Array.from({ length: kvSteps }, (_, i) => prefill[`kv${i * KV_STEP}`]!);
  const operator = (name: string): Float64Array => {
    const column = ops[name];
    if (column === undefined) throw new Error(`The table of operators has no column ${name}.`);
    return column;
  };
  const kvSave = operator("attn_kv_cache_save");
  // Models whose two branches share a norm have none after the attention.
  const rounded = OPERATORS.filter((name) => name !== "post_attention_layernorm" || ops[name] !== undefined).map(operator);
  const allReduce = tensorParallel > 1 ? operator("all_reduce") : null;
  const sendReceive = stages > 1 ? operator("send_recv") : null;
  const roundUp = (tokens: number): number => Math.ceil(tokens / TOKEN_STEP) * TOKEN_STEP;
  /** Sum over the operators that depend on the number of tokens alone, by number of tokens. */
  const dense = new Float64Array(most + 1).fill(NaN);
  for (let tokens = 1; tokens <= most; tokens++) {
    const row = roundUp(tokens) - 1;
    let ms = kvSave[tokens - 1]!;
    for (const column of rounded) ms += column[row] ?? NaN;
    if (allReduce !== null) ms += 2 * ((allReduce[row] ?? NaN) + LAUNCH_MS);
    dense[tokens] = ms;
  }

  const iteration = (shape: BatchShape, stage: number, chunks?: Chunks): number => {
    const count = shape.decodeRequests;
    const tokens = shape.prefillTokens + count;
    let layer = dense[tokens] ?? NaN;
    if (count > 0) {
      // Vidur counts the token that the decode reads in: one more per request than the cache holds.
      const mean = Math.floor(shape.decodeContext / count) + 1;
      layer += decodeTable[count * kvSteps + Math.ceil(mean / KV_STEP)]! * (count > 1 && grouped ? BATCHING : 1);
    }
    if (chunks !== undefined && chunks.count > 0) {
      let past = 0;
      for (let i = 0; i < chunks.count; i++) past += Math.ceil(chunks.past[i]! / KV_STEP);
      layer += (prefillColumns[past]?.[toEven(Math.sqrt(shape.prefillSquares)) - 1] ?? NaN) * (chunks.count > 1 && grouped ? BATCHING : 1);
    }
    const hop = sendReceive !== null && stage < stages - 1 ? sendReceive[roundUp(tokens) - 1]! : 0;
    const seconds = 1e-3 * ((layers / stages) * layer + hop);
    if (!(seconds > 0)) throw new Error(`A batch outside the tables: ${JSON.stringify(shape)}.`);
    return seconds;
  };

  const decodes: BatchShape = {
    prefillTokens: 0,
    prefillRequests: 0,
    decodeRequests: 0,
    decodeContext: 0,
    prefillContext: 0,
    prefillWork: 0,
    prefillSquares: 0,
  };
  const decodeForm = (requests: number, context: number, into: DecodeForm): void => {
    decodes.decodeRequests = requests;
    decodes.decodeContext = context;
    into.base = iteration(decodes, 0);
    into.perContext = 0;
    // The same step of the table while floor(context / requests) + 1 is at most its end.
    into.below = Math.ceil((Math.floor(context / requests) + 1) / KV_STEP) * KV_STEP * requests;
  };
  return stages === 1 ? { iteration, decodeForm } : { iteration };
}

/** The model of one combination of model, device and sharding, from the tables of a reference folder. */
export function modelFrom(folder: string, combo: string, model: VidurModel): LatencyModel {
  const all = join(folder, "exec_tables");
  // Operators do not depend on the number of stages: tables of any number of stages have the hop between them.
  const piped = readdirSync(all).filter((name) => name.startsWith(`${combo}_pp`));
  const own = `${combo}_pp${model.stages}`;
  const name = model.stages === 1 ? combo : piped.includes(own) ? own : (piped[0] ?? combo);
  const tables = join(all, name);
  return vidurLatency((table) => readColumns(join(tables, `${table}.csv.gz`)), model);
}
