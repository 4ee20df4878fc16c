// The readers of Vidur's reference results on a folder made here, worked out by hand: what agrees passes, what differs fails with its place.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { checkBatches } from "./vidur-batches.ts";
import { comboOf, vidurModel } from "./vidur-facts.ts";
import { checkMemory } from "./vidur-memory.ts";

const folder = mkdtempSync(join(tmpdir(), "goodput-vidur-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const put = (path: string, text: string): void => {
  mkdirSync(join(folder, path, ".."), { recursive: true });
  writeFileSync(join(folder, path), text);
};

async function cases(check: (folder: string, report: (name: string, ok: boolean, detail: string) => void) => unknown): Promise<string[]> {
  const lines: string[] = [];
  await check(folder, (name, ok, detail) => lines.push(`${ok ? "ok" : "FAIL"} ${name} ${detail}`));
  return lines;
}

/** Every operator takes 0.125 ms, decode attention 0.25 ms, prefill attention 0.5 ms. */
function tables(combo: string): void {
  const ops =
    "attn_pre_proj,attn_post_proj,mlp_up_proj,mlp_down_proj,mlp_act,attn_rope,attn_kv_cache_save,input_layernorm,post_attention_layernorm,add,all_reduce";
  put(`exec_tables/${combo}/ops.csv`, `num_tokens,${ops}\n1,${ops.replace(/\w+/g, "0.125")}\n4096,${ops.replace(/\w+/g, "0.125")}\n`);
  put(`exec_tables/${combo}/attn_decode.csv`, "batch_size,kv_cache_size,attn_decode\n1,0,0.25\n128,4096,0.25\n");
  put(`exec_tables/${combo}/attn_prefill.csv`, "chunk,kv0,kv4096\n1,0.5,0.5\n4096,0.5,0.5\n");
}

// 32 layers of 10 operators, two decodes with grouped queries and one prefill.
const MS = 32 * (10 * 0.125 + 1.1 * 0.25 + 0.5);
const batches = (ms: number, decode = 0.275): string =>
  `row,kind,prefills,decode_ctx,num_tokens,model_time_ms,last_stage_time_ms,num_layers,attn_decode\n0,mixed,"[[8,0]]","[10,20]",10,${ms},${ms},32,${decode}\n`;

describe("single batches", () => {
  test("a model of another size than any recorded here, with its parts", async () => {
    tables("llama3-8b_h100_tp1");
    put("exec_batches/llama3-8b_h100_tp1.csv", batches(MS));
    expect(await cases(checkBatches)).toEqual([
      expect.stringMatching(/^ok batches llama3-8b_h100_tp1 largest error \d\.\de[-+]\d+ of 1 batches$/),
    ]);
  });

  test("a time or a part that differs fails", async () => {
    put("exec_batches/llama3-8b_h100_tp1.csv", batches(MS * 1.0001));
    expect((await cases(checkBatches))[0]).toMatch(/^FAIL batches llama3-8b_h100_tp1 largest error 1\.0e-4/);
    put("exec_batches/llama3-8b_h100_tp1.csv", batches(MS, 0.25));
    expect((await cases(checkBatches))[0]).toMatch(/^FAIL .*; attn_decode differs by 1\.0e-1$/);
  });

  test("a case that cannot be run is a failure", async () => {
    put("exec_batches/llama3-8b_h100_tp1.csv", batches(MS));
    put("exec_batches/unknown-1b_h100_tp1.csv", batches(MS));
    put("exec_batches/llama2-7b_h100_tp1.csv", batches(MS));
    const lines = await cases(checkBatches);
    expect(lines.filter((line) => line.startsWith("FAIL"))).toEqual([
      expect.stringContaining("batches llama2-7b_h100_tp1 "),
      "FAIL batches unknown-1b_h100_tp1 the model unknown-1b is neither in Vidur's list nor in the catalog",
    ]);
  });
});

test("plans of memory: equal rows pass, one other number fails", async () => {
  const head =
    "model,device,memory_gib,tensor_parallel,pipeline_stages,max_tokens,memory_margin_fraction,params_per_device,param_bytes_per_device,kv_bytes_per_request_all_layers,max_batch_size,max_request_slots,num_blocks_block16";
  const row = (blocks: number): string =>
    `meta-llama/Llama-2-70b-hf,a100,80,2,1,4096,0.1,34225520640,68451041280,671088640,13,13,${blocks}`;
  put("memory_plan.csv", `${head}\n${row(3328)}\n`);
  expect(await cases(checkMemory)).toEqual(["ok memory meta-llama/Llama-2-70b-hf 1 plans equal"]);
  put("memory_plan.csv", `${head}\n${row(3328)}\n${row(3329)}\n`);
  expect(await cases(checkMemory)).toEqual([
    "FAIL memory meta-llama/Llama-2-70b-hf a100 80 2 1 4096 0.1: num_blocks_block16 3328 instead of 3329",
  ]);
});

test("models by all their names", () => {
  for (const name of ["meta-llama/Meta-Llama-3-70B", "llama3-70b", "Llama-3-70b-hf"]) expect(vidurModel(name).vocab).toBe(128256);
  expect(vidurModel("codellama/CodeLlama-34b-Instruct-hf").layers).toBe(48);
  expect(vidurModel("mistral-7b").id).toBe("mistral-7b");
  expect(comboOf("llama3-70b_a100_tp4approx_pp2")).toMatchObject({ gpu: "a100", tensorParallel: 4, pipelineParallel: 2 });
  expect(() => comboOf("llama3-70b")).toThrow(/is not <model>_<gpu>_tp<n>/);
});
