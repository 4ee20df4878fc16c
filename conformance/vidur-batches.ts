// Times of single batches that Vidur predicted, from the tables of its own predictor and from the raw profiles it was trained on.
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import type { BatchShape, Chunks } from "../src/engine/contracts.ts";
import type { OperatorTableModel } from "../src/latency/operator-table-model.ts";
import type { OperatorProfile } from "../src/latency/profile/types.ts";
import { recordsOf, textOf } from "./columns.ts";
import { attempt } from "./suite.ts";
import type { Report } from "./suite.ts";
import { comboOf } from "./vidur-facts.ts";
import { filesUnder, modelFrom, modelOf, profileOf } from "./vidur-profile.ts";

/** Times are recorded with five decimals of milliseconds, tables with six significant digits. */
const EXACT = 1e-5;
/** Parts of a layer are of the order of 0.01 ms: their rounding shows. */
const PART_ROUNDING_MS = 1e-5;
/** Interpolated raw medians against Vidur's random forest: plain linear interpolation has 0.8 % on average and 6.2 % at most. */
const MOST_MEAN_ERROR = 0.015;
const MOST_ERROR = 0.08;

/** Columns of the recorded batches by the operators of the model. */
const PARTS: Readonly<Record<string, string>> = {
  attn_pre_proj: "attn_pre_proj",
  attn_post_proj: "attn_post_proj",
  attn_rope: "attn_rope",
  attn_kv_save: "attn_kv_cache_save",
  attn_decode: "attn_decode",
  attn_prefill: "attn_prefill",
  mlp_up: "mlp_up_proj",
  mlp_down: "mlp_down_proj",
  mlp_act: "mlp_act",
  attn_norm: "input_layernorm",
  mlp_norm: "post_attention_layernorm",
  add: "add",
  tp_comm: "all_reduce",
  pp_comm: "send_recv",
};

interface Batch {
  readonly shape: BatchShape;
  readonly chunks: Chunks;
  readonly firstStageMs: number;
  readonly lastStageMs: number;
  readonly parts: Readonly<Record<string, number>>;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

function batchesOf(file: string): Batch[] {
  return recordsOf(textOf(file)).map((row) => {
    const cell = (name: string): string => row[name] ?? "";
    const prefills = JSON.parse(cell("prefills")) as [number, number][];
    const decodes = JSON.parse(cell("decode_ctx")) as number[];
    const chunks = prefills.map(([chunk]) => chunk);
    return {
      shape: {
        prefillTokens: sum(chunks),
        prefillRequests: prefills.length,
        decodeRequests: decodes.length,
        // Processed tokens of a decoding request hold one more than its cache: the token that this iteration reads in.
        decodeContext: sum(decodes) - decodes.length,
        prefillContext: sum(prefills.map(([, past]) => past)),
        prefillWork: sum(prefills.map(([chunk, past]) => chunk * (past + chunk / 2))),
        prefillSquares: sum(chunks.map((chunk) => chunk * chunk)),
      },
      chunks: {
        count: prefills.length,
        tokens: Int32Array.from(chunks),
        past: Int32Array.from(prefills, ([, past]) => past),
      },
      firstStageMs: Number(cell("model_time_ms")),
      lastStageMs: Number(cell("last_stage_time_ms")),
      parts: Object.fromEntries(Object.keys(PARTS).flatMap((name) => (row[name] !== undefined ? [[name, Number(cell(name))]] : []))),
    };
  });
}

/** Relative errors of both stages of every batch, and the worst part of a layer beyond its rounding. */
function compare(model: OperatorTableModel, batches: readonly Batch[], stages: number) {
  const errors: number[] = [];
  let part = { name: "", by: 0 };
  for (const { shape, chunks, firstStageMs, lastStageMs, parts } of batches) {
    errors.push(Math.abs((1e3 * model.iteration(shape, 0, chunks)) / firstStageMs - 1));
    if (lastStageMs > 0) errors.push(Math.abs((1e3 * model.iteration(shape, stages - 1, chunks)) / lastStageMs - 1));
    const ours = model.parts(shape, 0, chunks);
    for (const [column, ms] of Object.entries(parts)) {
      const by = Math.max(0, Math.abs(ours[PARTS[column]!]! - ms) - PART_ROUNDING_MS) / Math.max(ms, PART_ROUNDING_MS);
      if (by > part.by) part = { name: column, by };
    }
  }
  return { mean: sum(errors) / errors.length, max: Math.max(...errors), part };
}

/** Raw profiles stand beside the reference results: data/profiles/vidur/<gpu>/<model>/ and network/<node>/. */
const rawFolder = (folder: string): string | undefined =>
  [join(folder, "profiles"), join(folder, "../../data/profiles/vidur"), "../shared/data/profiles/vidur"].find((path) => existsSync(path));

const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;

/** One case per combo with Vidur's tables, and one more where the raw profile of the GPU holds what the combo needs. */
export async function checkBatches(folder: string, report: Report): Promise<void> {
  const raw = rawFolder(folder);
  const byGpu = new Map<string, Promise<OperatorProfile>>();
  const rawProfile = (gpu: string): Promise<OperatorProfile> => {
    let read = byGpu.get(gpu);
    const files = [
      ...filesUnder(join(raw!, gpu), /^(mlp|attention).*\.csv(\.gz)?$/),
      // Vidur's default network of a GPU.
      ...filesUnder(join(raw!, "network", `${gpu}_pairwise_nvlink`), /\.csv(\.gz)?$/),
    ];
    if (read === undefined) byGpu.set(gpu, (read = profileOf(files)));
    return read;
  };
  for (const file of filesUnder(join(folder, "exec_batches"), /\.csv$/)) {
    const name = basename(file, ".csv");
    await attempt(`batches ${name}`, report, async () => {
      const combo = comboOf(name);
      const batches = batchesOf(file);
      const { max, part } = compare(await modelFrom(join(folder, "exec_tables", name), combo), batches, combo.pipelineParallel);
      report(
        `batches ${name}`,
        max <= EXACT && part.by <= EXACT,
        `largest error ${max.toExponential(1)} of ${batches.length} batches${part.by > EXACT ? `; ${part.name} differs by ${part.by.toExponential(1)}` : ""}`,
      );
      if (raw === undefined || filesUnder(join(raw, combo.gpu), /^attention/).length === 0) return;
      const interpolated = modelOf(await rawProfile(combo.gpu), name, combo);
      if (typeof interpolated === "string") return;
      const rough = compare(interpolated, batches, combo.pipelineParallel);
      report(
        `batches ${name}, interpolated`,
        rough.mean <= MOST_MEAN_ERROR && rough.max <= MOST_ERROR,
        `mean error ${percent(rough.mean)}, largest ${percent(rough.max)} of ${batches.length} batches`,
      );
    });
  }
}
