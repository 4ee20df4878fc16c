import { describe, expect, test } from "vitest";
import { encodeProfile, hashOf } from "./encode.ts";
import { profileBuffers, readProfileFiles } from "./host.ts";
import { readProfile } from "./read.ts";
import { looksLikeProfile } from "./sniff.ts";
import { testProfile } from "../testing-profile.ts";
import type { OperatorProfile, ProfileOutcome, ProfileTable } from "./types.ts";

const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const streamOf = (bytes: Uint8Array<ArrayBuffer>): ReadableStream<Uint8Array> => new Blob([bytes]).stream() as ReadableStream<Uint8Array>;

const gzip = async (text: string): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(await new Response(new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"))).arrayBuffer());

type Given = Readonly<Record<string, string | Uint8Array<ArrayBuffer>>>;

const read = (files: Given): Promise<ProfileOutcome> =>
  readProfile(
    Object.entries(files).map(([file, content]) => {
      const bytes = typeof content === "string" ? bytesOf(content) : content;
      return { file, stream: streamOf(bytes), bytes: bytes.length };
    }),
  );

async function profileOf(files: Given): Promise<OperatorProfile> {
  const outcome = await read(files);
  if (!outcome.ok) throw new Error(outcome.text);
  return outcome.profile;
}

async function refusal(files: Given): Promise<string> {
  const outcome = await read(files);
  if (outcome.ok) throw new Error("The files were taken");
  return outcome.text;
}

const tableOf = (profile: OperatorProfile, kind: ProfileTable["kind"]): ProfileTable =>
  profile.tables.find((table) => table.kind === kind)!;

const OPS = "attn_pre_proj,attn_post_proj,mlp_up_proj,mlp_down_proj,mlp_act,attn_rope,attn_kv_cache_save,input_layernorm,add,all_reduce";
const exported = {
  "ops.csv": `num_tokens,${OPS}\n1,0.1,0.2,0.3,0.4,0.5,0.6,0,0.7,0.8,0.9\n2,1,2,3,4,5,6,7,8,9,10\n`,
  "attn_decode.csv": "batch_size,kv_cache_size,attn_decode\n1,0,0.01\n1,64,0.02\n2,0,0.03\n2,64,0.04\n",
  "attn_prefill.csv": "chunk,kv0,kv64\n1,0.1,0.2\n2,0.3,0.4\n",
};

const medians = (ops: readonly string[]): string =>
  ops.flatMap((op) => [`time_stats.${op}.min`, `time_stats.${op}.median`, `time_stats.${op}.std`]).join(",");
const MLP_OPS = [
  "emb",
  "input_layernorm",
  "attn_pre_proj",
  "attn_rope",
  "attn_post_proj",
  "mlp_up_proj",
  "mlp_act",
  "mlp_down_proj",
  "add",
];
const times = (values: readonly (number | "")[]): string => values.flatMap((ms) => ["0.001", ms, "0"]).join(",");
const mlpRow = (tokens: number, tp: number, ms: number | ""): string =>
  `${times([99, 1, ms, 1, 1, 1, 1, 1, 1])},64,8,8192,28672,32768,True,${tokens},${tp}`;
const MLP_HEAD = `${medians(MLP_OPS)},n_head,n_kv_head,n_embd,n_expanded_embd,vocab_size,use_gated_mlp,num_tokens,num_tensor_parallel_workers`;
const ATTENTION_HEAD = `${medians(["attn_decode", "attn_prefill", "attn_kv_cache_save"])},n_embd,n_q_head,n_kv_head,block_size,num_tensor_parallel_workers,max_model_len,batch_size,prefill_chunk_size,kv_cache_size,is_prefill`;
const attentionRow = (requests: number, chunk: number, kv: number, decode: number | "", prefill: number | "", save: number): string =>
  `${times([decode, prefill, save])},8192,64,8,16,2,4096,${requests},${chunk},${kv},${chunk > 0 ? "True" : "False"}`;
const raw = {
  "mlp.csv": [MLP_HEAD, mlpRow(4096, 1, 30), mlpRow(1, 1, 3), mlpRow(1, 2, 2), mlpRow(8, 2, ""), mlpRow(1, 2, 4)].join("\n"),
  "attention.csv": [
    ATTENTION_HEAD,
    attentionRow(1, 0, 32, 0.5, "", 0.1),
    attentionRow(2, 0, 32, 0.7, "", 0.2),
    attentionRow(1, 64, 0, 0, 0.9, 0.3),
    attentionRow(1, 64, 32, 0, 1.1, 0.5),
  ].join("\n"),
  "all_reduce.csv":
    ",time_stats.all_reduce.median,rank,num_workers,size,collective,devices_per_node,max_devices_per_node\n0,0.5,0,2,2048,all_reduce,2,4\n1,0.7,0,2,2048,all_reduce,2,4\n2,9,0,4,2048,all_reduce,4,4\n",
};

describe("exported tables", () => {
  test("become columns that fit any model", async () => {
    const profile = await profileOf(exported);
    expect(profile.tables.map(({ kind, keys }) => [kind, keys])).toEqual([
      ["ops", {}],
      ["decode", {}],
      ["prefill", {}],
    ]);
    expect(tableOf(profile, "ops").columns).toMatchObject({ tokens: Float64Array.of(1, 2), attn_rope: Float64Array.of(0.6, 6) });
    expect(tableOf(profile, "decode").columns).toEqual({
      rows: Float64Array.of(1, 2),
      kv: Float64Array.of(0, 64),
      ms: Float64Array.of(0.01, 0.02, 0.03, 0.04),
    });
    expect(tableOf(profile, "prefill").columns["ms"]).toEqual(Float64Array.of(0.1, 0.2, 0.3, 0.4));
  });

  test("have one hash, whatever the order of files and rows, the compression and the line ends", async () => {
    const first = await read(exported);
    const { "ops.csv": ops, "attn_decode.csv": decode, "attn_prefill.csv": prefill } = exported;
    const [head, ...rows] = decode.trimEnd().split("\n");
    const second = await read({
      "p.csv.gz": await gzip(prefill),
      "d.csv": [head, ...rows.toReversed()].join("\r\n"),
      "o.csv": `\ufeff${ops}`,
    });
    if (!first.ok || !second.ok) throw new Error("The files were refused");
    expect(second.report.hash).toBe(first.report.hash);
    expect(first.report.hash).toBe(hashOf(encodeProfile(first.profile)));
    expect(first.report).toMatchObject({ file: "ops.csv +2", files: [{ format: "table of operators by tokens", rows: 2 }, {}, {}] });
    expect(first.report.tables[1]).toMatchObject({ kind: "decode", times: 4, missing: 0, upTo: { requests: 2, context: 64 } });
  });
});

describe("Vidur's own CSVs", () => {
  test("medians by model, parallelism and block size; repeated rows are averaged, empty fields are missing times", async () => {
    const profile = await profileOf(raw);
    const shape = { hidden: 8192, heads: 64, kvHeads: 8 };
    const ops = profile.tables.filter(({ kind, keys }) => kind === "ops" && keys.ffn !== undefined);
    expect(ops.map(({ keys }) => keys)).toEqual(
      [1, 2].map((tensorParallel) => ({ ...shape, ffn: 28672, gated: 1, vocab: 32768, tensorParallel })),
    );
    expect(ops[0]!.columns).toMatchObject({ tokens: Float64Array.of(1, 4096), attn_pre_proj: Float64Array.of(3, 30) });
    expect(ops[1]!.columns["attn_pre_proj"]).toEqual(Float64Array.of(3, -1));
    expect(ops[0]!.columns["emb"]).toBeUndefined();
    const attention = { ...shape, tensorParallel: 2, blockSize: 16 };
    expect(tableOf(profile, "decode")).toEqual({
      kind: "decode",
      keys: attention,
      columns: { rows: Float64Array.of(1, 2), kv: Float64Array.of(32), ms: Float64Array.of(0.5, 0.7) },
    });
    expect(tableOf(profile, "prefill").columns).toEqual({
      rows: Float64Array.of(64),
      kv: Float64Array.of(0, 32),
      ms: Float64Array.of(0.9, 1.1),
    });
    const save = profile.tables.find(({ columns }) => columns["attn_kv_cache_save"] !== undefined)!;
    expect(save.columns).toEqual({ tokens: Float64Array.of(1, 2, 64), attn_kv_cache_save: Float64Array.of(0.1, 0.2, 0.4) });
    const reduce = profile.tables.filter(({ kind }) => kind === "all_reduce");
    expect(reduce.map(({ keys }) => keys)).toEqual([
      { workers: 2, devicesPerNode: 2, nodeDevices: 4 },
      { workers: 4, devicesPerNode: 4, nodeDevices: 4 },
    ]);
    expect(reduce[0]!.columns["ms"]![0]).toBeCloseTo(0.6, 12);
  });

  test("are refused with file, line, value and what would do", async () => {
    const change = (file: keyof typeof raw, from: string, to: string): Given => ({ ...raw, [file]: raw[file].replace(from, to) });
    expect(await refusal(change("attention.csv", ",0.7,", ",soon,"))).toBe(
      'attention.csv, line 3: time_stats.attn_decode.median is "soon". Give a time in milliseconds, 0 or more, or leave the field empty.',
    );
    expect(await refusal(change("attention.csv", ",0.7,", ",-2,"))).toMatch(/line 3: .* is "-2"\. Give a time/);
    expect(await refusal(change("mlp.csv", ",True,1,1", ",True,none,1"))).toBe(
      'mlp.csv, line 3: num_tokens is "none". Give a number of at least 1.',
    );
    expect(await refusal(change("all_reduce.csv", ",2,4\n1", ",2\n1"))).toBe(
      "all_reduce.csv, line 2: There are 7 fields, and the header has 8. Give one field per column.",
    );
    expect(await refusal(change("mlp.csv", ",n_embd,", ",width,"))).toBe(
      "mlp.csv: This looks like a Vidur mlp.csv, but has no column n_embd. Add it, or export the file again.",
    );
    expect(await refusal({ ...raw, "notes.csv": "a,b\n1,2\n" })).toMatch(
      /^notes\.csv: This is no profile of operator times\. Give Vidur's mlp\.csv/,
    );
    expect(await refusal({ "mlp.csv": `${MLP_HEAD}\n` })).toBe("mlp.csv: The file has a header but no rows. Give a profile with rows.");
    expect(await refusal({ "empty.csv": "" })).toMatch(/^empty\.csv: The file is empty/);
    expect(await refusal({ "b.csv": Uint8Array.of(1, 0, 2, 3) })).toMatch(/^b\.csv: This is no profile/);
    expect(await refusal({ "cut.csv.gz": (await gzip(raw["mlp.csv"])).slice(0, 60) })).toMatch(
      /^cut\.csv\.gz: The file begins as gzip but cannot be unpacked/,
    );
  });

  test("two files with the same times are not averaged", async () => {
    expect(await refusal({ ...raw, "other.csv": raw["mlp.csv"] })).toBe(
      "mlp.csv and other.csv both hold the times of input_layernorm of the same model and parallelism. Give one of them.",
    );
  });

  test("a part alone is incomplete: it says what is missing", async () => {
    const outcome = await read({ "mlp.csv": raw["mlp.csv"] });
    expect(outcome).toMatchObject({ ok: false, code: "incomplete" });
    expect(!outcome.ok && outcome.text).toMatch(
      /^mlp\.csv: The profile still lacks decode attention .* and prefill attention .*\. Give these files together/,
    );
  });
});

describe("a saved profile", () => {
  test("comes back as it was", async () => {
    const bytes = encodeProfile(testProfile);
    expect(looksLikeProfile(bytes)).toBe(true);
    const outcome = await read({ "mine.profile": bytes });
    expect(outcome).toMatchObject({ ok: true, profile: testProfile, report: { file: "mine.profile", hash: hashOf(bytes) } });
  });

  test("that is damaged or newer is refused with a sentence", async () => {
    const bytes = encodeProfile(testProfile);
    const damaged = /^x\.profile: The profile is damaged or cut short: save it again from its files\.$/;
    expect(await refusal({ "x.profile": bytes.slice(0, bytes.length - 3) })).toMatch(damaged);
    expect(await refusal({ "x.profile": bytes.slice(0, 30) })).toMatch(damaged);
    expect(await refusal({ "x.profile": Uint8Array.of(...bytes, 0) })).toMatch(damaged);
    const head = new TextDecoder().decode(bytes.subarray(0, 17));
    expect(head).toBe("goodput-profile 1");
    const newer = bytes.slice();
    newer[16] = "2".charCodeAt(0);
    expect(await refusal({ "x.profile": newer })).toMatch(/saved by a newer Goodput \(version 2; this one reads 1\)/);
    const negative = bytes.slice();
    negative.fill(0xbf, bytes.length - 8);
    expect(await refusal({ "x.profile": negative })).toMatch(/table of prefill is damaged/);
  });
});

describe("for the page", () => {
  test("progress counts the bytes of all files, and buffers are those of the columns", async () => {
    const told: [number, number, string][] = [];
    const files = Object.entries(exported).map(([name, text]) => ({ name, size: text.length, stream: () => streamOf(bytesOf(text)) }));
    const outcome = await readProfileFiles(
      files,
      (...seen) => told.push(seen),
      () => 0,
    );
    const total = files.reduce((sum, file) => sum + file.size, 0);
    expect(told.at(-1)).toEqual([total, total, "attn_prefill.csv"]);
    if (!outcome.ok) throw new Error(outcome.text);
    expect(profileBuffers(outcome.profile)).toHaveLength(11 + 3 + 3);
  });

  test("a header tells a profile from a trace, also where a column is missing", () => {
    expect(Object.values(raw).map((text) => looksLikeProfile(bytesOf(text)))).toEqual([true, true, true]);
    expect(Object.values(exported).map((text) => looksLikeProfile(bytesOf(text)))).toEqual([true, true, true]);
    expect(looksLikeProfile(bytesOf(raw["mlp.csv"].replace(",n_embd,", ",width,")))).toBe(true);
    expect(looksLikeProfile(bytesOf("arrived_at,num_prefill_tokens,num_decode_tokens\n0,1,2\n"))).toBe(false);
    expect(looksLikeProfile(bytesOf("TIMESTAMP,ContextTokens,GeneratedTokens\n"))).toBe(false);
  });
});
