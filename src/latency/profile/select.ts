// Which tables of a profile time a shard: those measured for its model shape, its tensor parallelism, its group of devices.
import type { Shard } from "../types.ts";
import { Curve, Grid } from "./curve.ts";
import type { OperatorProfile, ProfileTable, TableKeys, TableKind } from "./types.ts";

/** Operators of a layer whose time follows from the number of tokens, rounded up to a multiple of 8. Missing ones count as 0 where that can be. */
export const LAYER_OPS = [
  "attn_pre_proj",
  "attn_post_proj",
  "attn_rope",
  "input_layernorm",
  "mlp_up_proj",
  "mlp_down_proj",
  "mlp_act",
  "post_attention_layernorm",
  "add",
] as const;
/** Phi-2 has no norm before its feed-forward network. */
const OPTIONAL: readonly string[] = ["post_attention_layernorm"];

/** What a shard needs of a profile. */
export interface ShardTables {
  /** In the order of LAYER_OPS. */
  readonly ops: readonly (Curve | null)[];
  readonly kvSave: Curve | null;
  readonly decode: Grid;
  readonly prefill: Grid;
  /** By tokens; null where nothing is sent. */
  readonly allReduce: Curve | null;
  readonly sendRecv: Curve | null;
}

type Wanted = Required<Pick<TableKeys, "hidden" | "heads" | "kvHeads" | "ffn" | "gated" | "tensorParallel">>;

const wantedBy = ({ model, tensorParallel }: Shard): Wanted => ({
  hidden: model.hidden,
  heads: model.heads,
  kvHeads: model.kvHeads,
  ffn: model.ffn,
  gated: model.gatedFfn ? 1 : 0,
  tensorParallel,
});

const fits = (keys: TableKeys, wanted: Partial<TableKeys>): boolean =>
  Object.entries(wanted).every(([key, value]) => keys[key as keyof TableKeys] === undefined || keys[key as keyof TableKeys] === value);

/** Of several tables the one whose key is nearest; the first of equals. */
function nearest(tables: readonly ProfileTable[], key: keyof TableKeys, value: number): ProfileTable | undefined {
  const distance = ({ keys }: ProfileTable): number => Math.abs((keys[key] ?? value) - value);
  return tables.reduce<ProfileTable | undefined>(
    (best, table) => (best === undefined || distance(table) < distance(best) ? table : best),
    undefined,
  );
}

const measured = (column: Float64Array | undefined): boolean => column !== undefined && column.some((ms) => ms >= 0);

const listed = (values: Iterable<number | undefined>): string =>
  [...new Set([...values].filter((value) => value !== undefined))].sort((a, b) => a - b).join(", ");

/** "it has tensor parallelism 1, 2" or "it holds models of width 4096". */
function others(profile: OperatorProfile, kind: TableKind, wanted: Wanted): string {
  const tables = profile.tables.filter((table) => table.kind === kind);
  const { tensorParallel: _, ...shape } = wanted;
  const degrees = listed(tables.filter(({ keys }) => fits(keys, shape)).map(({ keys }) => keys.tensorParallel));
  if (degrees !== "") return `It has tensor parallelism ${degrees}: choose one of these, or add the files of ${wanted.tensorParallel}.`;
  const shapes = new Set(
    tables.map(({ keys }) => `hidden ${keys.hidden}, heads ${keys.heads}, KV heads ${keys.kvHeads}${keys.ffn ? `, FFN ${keys.ffn}` : ""}`),
  );
  return `It was measured for ${[...shapes].slice(0, 4).join(" and for ")}: choose such a model, or add the files of this one.`;
}

const WORDS = { ops: "operators by tokens", decode: "decode attention", prefill: "prefill attention" } as const;

/** The tables, or one sentence: what is missing, and what would do. */
export function tablesFor(profile: OperatorProfile, name: string, shard: Shard, blockSize: number): ShardTables | string {
  const { model, tensorParallel, pipelineParallel } = shard;
  const wanted = wantedBy(shard);
  const { ffn: _ffn, gated: _gated, ...attention } = wanted;
  const missing = (kind: keyof typeof WORDS): string =>
    `The profile "${name}" has no ${WORDS[kind]} for ${model.name} (hidden ${model.hidden}, heads ${model.heads}, KV heads ${model.kvHeads}, FFN ${model.ffn}) ` +
    `at tensor parallelism ${tensorParallel}. ${others(profile, kind, wanted)}`;

  const column = (op: string): Curve | null => {
    const tables = profile.tables.filter(({ kind, keys, columns }) => kind === "ops" && fits(keys, wanted) && measured(columns[op]));
    // A profile of several models may hold two of one shape that differ in the vocabulary (Llama 2 and 3 70B).
    const table = op === "attn_kv_cache_save" ? nearest(tables, "blockSize", blockSize) : nearest(tables, "vocab", model.vocab);
    return table === undefined ? null : new Curve(table.columns["tokens"]!, table.columns[op]!);
  };
  const grid = (kind: "decode" | "prefill"): Grid | null => {
    const tables = profile.tables.filter((table) => table.kind === kind && fits(table.keys, attention) && measured(table.columns["ms"]));
    const table = nearest(tables, "blockSize", blockSize);
    return table === undefined ? null : new Grid(table.columns["rows"]!, table.columns["kv"]!, table.columns["ms"]!);
  };
  /** Communication by bytes, of the hidden states of so many tokens at 16 bits. */
  const network = (kind: "all_reduce" | "send_recv", workers: number, devicesPerNode: (keys: TableKeys) => number): Curve | null => {
    const tables = profile.tables.filter((table) => table.kind === kind && fits(table.keys, { workers }) && measured(table.columns["ms"]));
    const exact = tables.find(({ keys }) => keys.devicesPerNode === undefined || keys.devicesPerNode === devicesPerNode(keys));
    const table = exact ?? tables[tables.length - 1];
    if (table === undefined) return null;
    return new Curve(
      table.columns["bytes"]!.map((bytes) => bytes / (2 * model.hidden)),
      table.columns["ms"]!,
    );
  };

  const ops: (Curve | null)[] = [];
  for (const op of LAYER_OPS) {
    const curve = column(op);
    ops.push(curve);
    if (curve === null && !OPTIONAL.includes(op))
      return ops.length === 1
        ? missing("ops")
        : `The profile "${name}" has no times of ${op} for this model: add the file that holds them.`;
  }
  const decode = grid("decode");
  if (decode === null) return missing("decode");
  const prefill = grid("prefill");
  if (prefill === null) return missing("prefill");
  let allReduce: Curve | null = null;
  if (tensorParallel > 1) {
    allReduce = column("all_reduce") ?? network("all_reduce", tensorParallel, () => tensorParallel);
    if (allReduce === null)
      return `The profile "${name}" has no all-reduce of ${tensorParallel} devices: add the all_reduce.csv of the node, or set tensor parallelism to 1.`;
  }
  let sendRecv: Curve | null = null;
  if (pipelineParallel > 1) {
    // Vidur: neighbours share a node unless the replica is larger than one.
    const perNode = ({ nodeDevices }: TableKeys): number => (tensorParallel * pipelineParallel > (nodeDevices ?? Infinity) ? 1 : 2);
    sendRecv = column("send_recv") ?? network("send_recv", 2, perNode);
    if (sendRecv === null)
      return `The profile "${name}" has no send_recv between pipeline stages: add the send_recv.csv of the node, or set pipeline parallelism to 1.`;
  }
  return { ops, kvSave: column("attn_kv_cache_save"), decode, prefill, allReduce, sendRecv };
}
