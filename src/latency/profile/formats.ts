// The files that profiles are read from: what each is recognised by, and how its rows become tables.
// Vidur's own profile CSVs (medians per operator; microsoft/vidur@7d47513, data/profiling) and tables exported from its predictor.
import type { TableBuilder } from "./builder.ts";
import type { TableKeys } from "./types.ts";

/** Fields of the current row, by column. Asking for something that is not there or not readable refuses the file, with its line. */
export interface Row {
  /** A number of at least `min`. */
  number(column: string, min?: number): number;
  /** A time in ms; -1 where the field is empty. */
  time(column: string): number;
  text(column: string): string;
}

export interface ProfileFormat {
  readonly id: string;
  readonly label: string;
  /** Columns without which the file is not of this kind. */
  readonly needs: readonly string[];
  /** Reads one row into the tables. `columns` are those of the file. */
  row(row: Row, columns: readonly string[], tables: TableBuilder): void;
}

const median = (op: string): string => `time_stats.${op}.median`;
const MEDIAN = /^time_stats\.(.+)\.median$/;

/** Operators that the model does not use: the token table runs once per iteration, and Vidur leaves it out. */
const UNUSED: readonly string[] = ["emb"];

const yes = (text: string): number => (text.toLowerCase() === "true" || text === "1" ? 1 : 0);

const vidurMlp: ProfileFormat = {
  id: "vidur-mlp-csv",
  label: "Vidur mlp.csv",
  needs: [median("mlp_up_proj"), "num_tokens", "n_embd", "n_head", "n_kv_head", "n_expanded_embd", "num_tensor_parallel_workers"],
  row(row, columns, tables) {
    const keys: TableKeys = {
      hidden: row.number("n_embd", 1),
      heads: row.number("n_head", 1),
      kvHeads: row.number("n_kv_head", 1),
      ffn: row.number("n_expanded_embd", 1),
      ...(columns.includes("use_gated_mlp") ? { gated: yes(row.text("use_gated_mlp")) } : {}),
      ...(columns.includes("vocab_size") ? { vocab: row.number("vocab_size", 1) } : {}),
      tensorParallel: row.number("num_tensor_parallel_workers", 1),
    };
    const tokens = row.number("num_tokens", 1);
    for (const column of columns) {
      const op = MEDIAN.exec(column)?.[1];
      if (op !== undefined && !UNUSED.includes(op)) tables.addOperator(keys, tokens, op, row.time(column));
    }
  },
};

const vidurAttention: ProfileFormat = {
  id: "vidur-attention-csv",
  label: "Vidur attention.csv",
  needs: [
    median("attn_decode"),
    median("attn_prefill"),
    "n_embd",
    "n_q_head",
    "n_kv_head",
    "block_size",
    "num_tensor_parallel_workers",
    "batch_size",
    "prefill_chunk_size",
    "kv_cache_size",
  ],
  row(row, columns, tables) {
    const keys: TableKeys = {
      hidden: row.number("n_embd", 1),
      heads: row.number("n_q_head", 1),
      kvHeads: row.number("n_kv_head", 1),
      tensorParallel: row.number("num_tensor_parallel_workers", 1),
      blockSize: row.number("block_size", 1),
    };
    const chunk = row.number("prefill_chunk_size");
    const requests = row.number("batch_size", 1);
    const kv = row.number("kv_cache_size");
    if (chunk === 0) tables.addCell("decode", keys, requests, kv, row.time(median("attn_decode")));
    // Several prompts in one measurement are not what the model looks up.
    else if (requests === 1) tables.addCell("prefill", keys, chunk, kv, row.time(median("attn_prefill")));
    const save = median("attn_kv_cache_save");
    if (columns.includes(save)) tables.addOperator(keys, Math.max(chunk, requests), "attn_kv_cache_save", row.time(save));
  },
};

const network = (kind: "all_reduce" | "send_recv"): ProfileFormat => ({
  id: `vidur-${kind.replace("_", "-")}-csv`,
  label: `Vidur ${kind}.csv`,
  needs: [median(kind), "size", "num_workers", "devices_per_node"],
  row(row, columns, tables) {
    const keys: TableKeys = {
      workers: row.number("num_workers", 1),
      devicesPerNode: row.number("devices_per_node", 1),
      ...(columns.includes("max_devices_per_node") ? { nodeDevices: row.number("max_devices_per_node", 1) } : {}),
    };
    tables.addTransfer(kind, keys, row.number("size", 1), row.time(median(kind)));
  },
});

const opsTable: ProfileFormat = {
  id: "ops-table",
  label: "table of operators by tokens",
  needs: [
    "num_tokens",
    "attn_pre_proj",
    "attn_post_proj",
    "attn_rope",
    "mlp_up_proj",
    "mlp_down_proj",
    "mlp_act",
    "input_layernorm",
    "add",
  ],
  row(row, columns, tables) {
    const tokens = row.number("num_tokens", 1);
    for (const column of columns) if (column !== "num_tokens" && column !== "") tables.addOperator({}, tokens, column, row.time(column));
  },
};

const decodeTable: ProfileFormat = {
  id: "decode-table",
  label: "table of decode attention",
  needs: ["batch_size", "kv_cache_size", "attn_decode"],
  row(row, _columns, tables) {
    tables.addCell("decode", {}, row.number("batch_size", 1), row.number("kv_cache_size"), row.time("attn_decode"));
  },
};

const KV_COLUMN = /^kv(\d+)$/;
const prefillTable: ProfileFormat = {
  id: "prefill-table",
  label: "table of prefill attention",
  needs: ["chunk", "kv0"],
  row(row, columns, tables) {
    const chunk = row.number("chunk", 1);
    for (const column of columns) {
      const kv = KV_COLUMN.exec(column)?.[1];
      if (kv !== undefined) tables.addCell("prefill", {}, chunk, Number(kv), row.time(column));
    }
  },
};

export const profileFormats: readonly ProfileFormat[] = [
  vidurMlp,
  vidurAttention,
  network("all_reduce"),
  network("send_recv"),
  opsTable,
  decodeTable,
  prefillTable,
];

/** The format of a file with these columns; undefined: it is no profile. */
export const formatOf = (columns: readonly string[]): ProfileFormat | undefined =>
  profileFormats.find(({ needs }) => needs.every((column) => columns.includes(column)));
