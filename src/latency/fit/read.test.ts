import { expect, test } from "vitest";
import { readMeasurements } from "./read.ts";
import type { ReadOptions } from "./read.ts";

const repeat = (count: number, line: (i: number) => string): string => Array.from({ length: count }, (_, i) => line(i)).join("\n");

function read(text: string, options?: ReadOptions) {
  const outcome = readMeasurements(text, options);
  if (!outcome.ok) throw new Error(outcome.text);
  return outcome;
}

const refusal = (text: string, options?: ReadOptions): string => {
  const outcome = readMeasurements(text, options);
  return outcome.ok ? "" : outcome.text;
};

test("lists: every quantity from the requests, bad rows by line", () => {
  const { data, report } = read(
    `step,prefills,decode_ctx,time_ms\n${repeat(20, (i) => `${i},"[[100,${i}],[20,0]]","[5,7]",12.5`)}\n3,"[[100,3],[20,0]]","[5,7]",12.5\n21,[],[],1\n22,"[[1,0]]",[],0\n23,oops,[],1`,
  );
  expect([data.P[4], data.N[4], data.D[4], data.C[4], data.K[4], data.W[4], data.t[4]]).toEqual([120, 2, 2, 12, 4, 100 * 54 + 200, 0.0125]);
  expect(report.accepted).toBe(20);
  expect(report.refused).toEqual([
    { line: 22, reason: "same step, batch and time as an earlier line" },
    { line: 23, reason: "there are no tokens in the batch" },
    { line: 24, reason: 'time_ms "0": the time must be greater than 0' },
    { line: 25, reason: 'prefills "oops": give a JSON list' },
  ]);
});

test("aggregates: work of several prompts is shared equally, and said to be", () => {
  const head = "prefill_requests,prefill_tokens,prefill_context_tokens,decode_requests,decode_context_tokens,time_s";
  const { data, report } = read(`${head}\n${repeat(20, (i) => `2,100,40,${i},${10 * i},0.02`)}\n1,1.5,0,0,0,0.1`);
  expect(data.W[0]).toBe((100 * (40 + 50)) / 2);
  expect(report.notes[0]).toContain("approximated");
  expect(report.refused).toEqual([{ line: 22, reason: 'prefill_tokens "1.5": give a whole number of at least 1' }]);
});

test("Splitwise: prompts of all rows, then decodes; one series is picked", () => {
  const head = "model,hardware,prompt_size,batch_size,token_size,prompt_time,token_time,tensor_parallel";
  const row = (hardware: string) => (i: number) => `m,${hardware},${100 + i},2,64,50,20,4`;
  const one = read(`${head}\n${repeat(12, row("a"))}`);
  expect([one.data.rows, one.report.accepted, one.data.P[1], one.data.D[13], one.data.C[13], one.data.t[13]]).toEqual([
    24,
    12,
    202,
    2,
    2 * (101 + 32),
    0.02,
  ]);
  const two = `${head}\n${repeat(12, row("a"))}\n${repeat(12, row("b"))}`;
  expect(refusal(two)).toBe("The file has 2 measured series (model,hardware,tensor_parallel): pick one with --pick, of m,a,4 | m,b,4.");
  expect(read(two, { pick: "m,b,4" }).data.rows).toBe(24);
  expect(refusal(two, { pick: "m,c,4" })).toContain('no series "m,c,4"');
});

test("a mean decode step needs a second token", () => {
  const { data } = read(
    `input_tokens,output_tokens,batch_size,prefill_batch_s,decode_step_mean_s\n8,1,3,0.5,0.1\n${repeat(12, () => "8,64,3,0.5,0.1")}`,
  );
  expect(data.rows).toBe(25);
  expect([data.D[0], data.P[0], data.D[2], data.C[2]]).toEqual([0, 24, 3, 3 * 40]);
});

test("whole runs of one batch: quantities are sums over the iterations", () => {
  const head = "gpu,engine,model,isl,osl,batch,e2e_s";
  const { data, report } = read(`${head}\n${repeat(20, (i) => `g,e,m,100,4,2,${1 + i}`)}`);
  // Three decodes of two requests with 100, 101 and 102 tokens each.
  expect([data.P[0], data.N[0], data.D[0], data.C[0], data.W[0], data.t[3]]).toEqual([200, 2, 6, 606, 10_000, 4]);
  expect(data.runs![5]).toEqual({ requests: 2, input: 100, output: 4 });
  expect(report.notes).toContain("Each row is a whole run: the terms are sums over its iterations, and hinges cannot be seen.");
});

test("vLLM's log: no contexts, and lines of something else are no rows", () => {
  const line = (i: number) =>
    `INFO Iteration(${i}): 1 context requests, ${100 + i} context tokens, 3 generation requests, 3 generation tokens, iteration elapsed time: 14.5 ms`;
  const { data, report } = read(
    `starting\n${repeat(20, line)}\nINFO Iteration(9): 0 context requests, 0 context tokens, 3 generation requests, 9 generation tokens, iteration elapsed time: 5 ms`,
  );
  expect([data.P[2], data.N[2], data.D[2], data.C[2], data.t[2]]).toEqual([102, 1, 3, 0, 0.0145]);
  expect(report.accepted).toBe(20);
  expect(report.refused).toHaveLength(1);
  expect(report.notes[0]).toContain("no context lengths");
});

test("SGLang's log: a decode line counts after one of the same batch", () => {
  const decode = (d: number, rate: number) =>
    `Decode batch. #running-req: ${d}, #token: ${500 + d}, token usage: 0.01, gen throughput (token/s): ${rate}, #queue-req: 0`;
  const prefill = "Prefill batch. #new-seq: 2, #new-token: 300, #cached-token: 100, token usage: 0.0, input throughput (token/s): 6000.0";
  const { data, report } = read(
    `${prefill}\n${decode(4, 200)}\n${repeat(20, () => decode(4, 200))}\n${decode(5, 200)}\n${decode(5, 200)}, accept len: 2.0`,
  );
  expect([data.P[0], data.K[0], data.t[0], data.W[0]]).toEqual([300, 100, 0.05, (300 * 250) / 2]);
  expect([data.D[1], data.C[1], data.t[1]]).toEqual([4, 504, 0.02]);
  expect(report.accepted).toBe(21);
  expect(report.refused.map(({ line }) => line)).toEqual([2, 23, 24]);
});

test("a time column without a unit: by its median, or asked for", () => {
  const table = (time: number) => `tokens,requests,past_tokens,latency\n${repeat(20, (i) => `${100 + i},4,50,${time}`)}`;
  expect(read(table(0.5)).data.t[0]).toBe(0.5);
  expect(read(table(40)).data.t[0]).toBe(0.04);
  expect(read(table(40)).report.unit).toBe("latency in ms");
  expect(read(table(40000)).data.t[0]).toBe(0.04);
  expect(refusal(table(2))).toBe('The unit of "latency" is not clear (median 2): say --unit s, --unit ms or --unit us.');
  expect(read(table(2), { unit: "s" }).data.t[0]).toBe(2);
  expect(read(table(40)).data.totals).toBe(true);
});

test("columns by other names, and files that are none", () => {
  const other = `tok,requests,past_tokens,ms\n${repeat(20, (i) => `${100 + i},4,50,30`)}`;
  expect(refusal(other)).toBe(
    "This looks like tokens, requests and context, but has no column tokens: add it, or name it with --map tokens=COLUMN.",
  );
  expect(read(other, { map: { tokens: "tok", time_ms: "ms" } }).data.t[0]).toBe(0.03);
  expect(refusal(other, { map: { tokens: "tok" } })).toContain("no time column");
  expect(refusal(other, { map: { tokens: "nope" } })).toContain('no column "nope"');
  expect(refusal("a,b\n1,2")).toContain("No format of measurements is recognised");
  expect(refusal("time_stats.emb.median\n1")).toContain("run --profile");
  expect(refusal("")).toContain("No format");
  expect(refusal("tokens,requests,past_tokens,time_s\n1,1,1,1\n1,2,1,1")).toBe(
    'There are only 1 usable rows, and at least 20 are needed. 1 were refused, the first in line 3: tokens "1": fewer than requests (2); each computes at least one.',
  );
});
