// Tables of measured batches (docs/fit.md lists their columns).
import { BadRow } from "./types.ts";
import type { Batch, Cells, TableFormat } from "./types.ts";

const plainTable = {
  kind: "table",
  timed: "time",
  seconds: 1,
  series: [],
  lacks: "",
  totals: false,
  apart: false,
  assumed: () => "",
} as const;

const cut = (text: string): string => JSON.stringify(text.length > 40 ? `${text.slice(0, 37)}...` : text);

/** A JSON list in a cell. */
function listOf(row: Cells, column: string): unknown[] {
  const text = row.text(column);
  if (text === "") return [];
  try {
    const value: unknown = JSON.parse(text);
    if (Array.isArray(value)) return value;
  } catch {
    // Said below.
  }
  throw new BadRow(`${column} ${cut(text)}: give a JSON list`);
}

const whole = (value: unknown, column: string, least: number): number => {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < least)
    throw new BadRow(`${column} holds ${cut(JSON.stringify(value))}: give whole numbers of at least ${least}`);
  return value;
};

/** Attention work of `requests` prompts that share tokens and context equally. */
const equalWork = (tokens: number, context: number, requests: number): number =>
  requests === 0 ? 0 : (tokens * (context + tokens / 2)) / requests;

const lists: TableFormat = {
  ...plainTable,
  id: "lists",
  label: "Goodput lists of requests",
  needs: ["prefills", "decode_ctx"],
  batches: (row, time) => {
    let P = 0;
    let K = 0;
    let W = 0;
    const prefills = listOf(row, "prefills");
    for (const pair of prefills) {
      if (!Array.isArray(pair) || pair.length !== 2)
        throw new BadRow(`prefills holds ${cut(JSON.stringify(pair))}: give pairs [chunk, past]`);
      const chunk = whole(pair[0], "prefills", 1);
      const past = whole(pair[1], "prefills", 0);
      P += chunk;
      K += past;
      W += chunk * (past + chunk / 2);
    }
    const contexts = listOf(row, "decode_ctx").map((past) => whole(past, "decode_ctx", 0));
    const C = contexts.reduce((sum, past) => sum + past, 0);
    return [{ P, N: prefills.length, D: contexts.length, C, K, W, time: row.time(time) }];
  },
};

const aggregates: TableFormat = {
  ...plainTable,
  id: "aggregates",
  label: "Goodput aggregates",
  needs: ["prefill_requests", "prefill_tokens", "prefill_context_tokens", "decode_requests", "decode_context_tokens"],
  batches: (row, time) => {
    const N = row.count("prefill_requests");
    const P = row.count("prefill_tokens", N);
    if (N === 0 && P > 0) throw new BadRow(`prefill_tokens "${P}": there are prompt tokens but no prompt (prefill_requests is 0)`);
    const K = row.count("prefill_context_tokens");
    const D = row.count("decode_requests");
    const given = row.has("prefill_work") && row.text("prefill_work") !== "" ? Number(row.text("prefill_work")) : null;
    if (given !== null && !(given >= 0 && given < Infinity))
      throw new BadRow(`prefill_work ${cut(row.text("prefill_work"))}: give a number of at least 0`);
    const W = given ?? equalWork(P, K, N);
    return [{ P, N, D, C: row.count("decode_context_tokens"), K, W, time: row.time(time) }];
  },
  assumed: (row) =>
    Number(row.text("prefill_requests")) > 1 && !(row.has("prefill_work") && row.text("prefill_work") !== "")
      ? "Attention work of batches with several prompts is approximated (equal prompts): give prefill_work."
      : "",
};

const plain: TableFormat = {
  ...plainTable,
  id: "plain",
  label: "tokens, requests and context",
  needs: ["tokens", "requests", "past_tokens"],
  totals: true,
  lacks: "The table does not tell prompts from decodes: only tokens, requests and context in all are terms.",
  batches: (row, time) => {
    const tokens = row.count("tokens");
    const requests = row.count("requests");
    if (tokens < requests) throw new BadRow(`tokens "${tokens}": fewer than requests (${requests}); each computes at least one`);
    return [{ P: tokens - requests, N: 0, D: requests, C: row.count("past_tokens"), K: 0, W: 0, time: row.time(time) }];
  },
};

const splitwise: TableFormat = {
  ...plainTable,
  id: "splitwise",
  label: "Splitwise performance table",
  needs: ["prompt_size", "batch_size", "token_size", "prompt_time", "token_time"],
  timed: null,
  seconds: 1e-3,
  series: ["model", "hardware", "tensor_parallel"],
  apart: true,
  batches: (row) => {
    const requests = row.count("batch_size", 1);
    const prompt = row.count("prompt_size", 1);
    const P = requests * prompt;
    const prefill: Batch = { P, N: requests, D: 0, C: 0, K: 0, W: equalWork(P, 0, requests), time: row.time("prompt_time") };
    const C = requests * (prompt + row.count("token_size") / 2);
    return [prefill, { P: 0, N: 0, D: requests, C, K: 0, W: 0, time: row.time("token_time") }];
  },
};

const pairs: TableFormat = {
  ...plainTable,
  id: "pairs",
  label: "prefill and mean decode step",
  needs: ["input_tokens", "output_tokens", "batch_size", "prefill_batch_s", "decode_step_mean_s"],
  timed: null,
  batches: (row) => {
    const requests = row.count("batch_size", 1);
    const input = row.count("input_tokens", 1);
    const output = row.count("output_tokens", 1);
    const P = requests * input;
    const prefill: Batch = { P, N: requests, D: 0, C: 0, K: 0, W: equalWork(P, 0, requests), time: row.time("prefill_batch_s") };
    if (output === 1) return [prefill];
    return [prefill, { P: 0, N: 0, D: requests, C: requests * (input + output / 2), K: 0, W: 0, time: row.time("decode_step_mean_s") }];
  },
};

const runs: TableFormat = {
  ...plainTable,
  id: "runs",
  label: "whole runs of one batch",
  needs: ["batch", "isl", "osl"],
  timed: "e2e",
  series: ["gpu", "num_gpus", "engine", "model", "system"],
  lacks: "Each row is a whole run: the terms are sums over its iterations, and hinges cannot be seen.",
  batches: (row, time) => {
    const requests = row.count("batch", 1);
    const input = row.count("isl", 1);
    const output = row.count("osl", 1);
    const P = requests * input;
    const D = requests * (output - 1);
    const C = D * (input + (output - 2) / 2);
    return [
      {
        P,
        N: requests,
        D,
        C: output < 2 ? 0 : C,
        K: 0,
        W: equalWork(P, 0, requests),
        time: row.time(time),
        run: { requests, input, output },
      },
    ];
  },
};

export const tableFormats: readonly TableFormat[] = [lists, aggregates, splitwise, pairs, runs, plain];
