// For tests only: Vidur's execution-time model on tables of operator times, and its recorded runs, and its recorded runs
// (github.com/microsoft/vidur, commit 7d47513, MIT). Times in the tables are milliseconds per layer.
import type { BatchShape, Chunks, LatencyModel } from "../../engine/contracts.ts";

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

export interface VidurModel {
  readonly layers: number;
  readonly tensorParallel: number;
  readonly stages: number;
  /** Several query heads share a key and value head. */
  readonly grouped: boolean;
}

const KV_STEP = 64;
const CHUNKS = 4096;
const toEven = (x: number): number => {
  const low = Math.floor(x);
  return x - low > 0.5 || (x - low === 0.5 && low % 2 === 1) ? low + 1 : low;
};

/** Seconds of one iteration from tables, read by name; a batch outside the tables throws. */
export function vidurLatency(read: (table: string) => Columns, { layers, tensorParallel, stages, grouped }: VidurModel): LatencyModel {
  const ops = read("ops");
  const decode = read("attn_decode");
  const prefill = read("attn_prefill");
  const kvSteps = Math.max(...decode["kv_cache_size"]!) / KV_STEP + 1;
  const decodeTable = new Float64Array((Math.max(...decode["batch_size"]!) + 1) * kvSteps).fill(NaN);
  decode["attn_decode"]!.forEach((ms, row) => {
    decodeTable[decode["batch_size"]![row]! * kvSteps + decode["kv_cache_size"]![row]! / KV_STEP] = ms;
  });
  const prefillColumns = Array.from({ length: kvSteps }, (_, i) => prefill[`kv${i * KV_STEP}`]!);
  const byTokens = (name: string, tokens: number): number => ops[name]?.[tokens - 1] ?? NaN;
  const roundedOps = [
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
  /** Sum over the operators that depend on the number of tokens alone, by number of tokens. */
  const dense = new Float64Array(CHUNKS + 1).fill(NaN);
  for (let tokens = 1; tokens <= CHUNKS; tokens++) {
    const rounded = Math.ceil(tokens / 8) * 8;
    let ms = byTokens("attn_kv_cache_save", tokens);
    for (const name of roundedOps) ms += byTokens(name, rounded);
    if (tensorParallel > 1) ms += 2 * (byTokens("all_reduce", rounded) + 0.02);
    dense[tokens] = ms;
  }
  const iteration = (shape: BatchShape, stage: number, chunks?: Chunks): number => {
    const tokens = shape.prefillTokens + shape.decodeRequests;
    let layer = dense[tokens]!;
    const count = shape.decodeRequests;
    if (count > 0) {
      // Vidur counts the token that the decode reads in: one more per request than the cache holds.
      const mean = Math.floor((shape.decodeContext + count) / count);
      layer += decodeTable[count * kvSteps + Math.ceil(mean / KV_STEP)]! * (count > 1 && grouped ? 1.1 : 1);
    }
    if (chunks !== undefined && chunks.count > 0) {
      let past = 0;
      for (let i = 0; i < chunks.count; i++) past += Math.ceil(chunks.past[i]! / KV_STEP);
      layer += (prefillColumns[past]?.[toEven(Math.sqrt(shape.prefillSquares)) - 1] ?? NaN) * (chunks.count > 1 && grouped ? 1.1 : 1);
    }
    const hop = stage < stages - 1 ? byTokens("send_recv", Math.ceil(tokens / 8) * 8) : 0;
    const seconds = 1e-3 * ((layers / stages) * layer + hop);
    if (!(seconds > 0)) throw new Error(`A batch outside the tables: ${JSON.stringify(shape)}`);
    return seconds;
  };
  return { iteration };
}

/** One recorded run, as the list of runs describes it. */
export interface VidurRun {
  readonly run_id: string;
  readonly trace: string;
  readonly num_pipeline_stages: number;
  readonly num_replicas: number;
  readonly router: string;
  readonly replica_scheduler: string;
  readonly scheduler_config: {
    readonly batch_size_cap: number;
    readonly block_size: number;
    readonly watermark_blocks_fraction: number;
    readonly num_blocks: number;
    readonly max_tokens_in_batch?: number;
    readonly chunk_size?: number;
  };
  readonly max_tokens: number;
  readonly summary: { readonly restarts: number };
}
