// Lengths of generated requests against the tables of the facts.
import type { LengthFacts, OutputGivenPrompt, SessionFacts } from "../src/workload/presets/facts.ts";
import type { Trace } from "../src/workload/types.ts";
import { ksDistance, meanOf, mixtureCdf, normalCdf, tableCdf, tableMean, within } from "./distributions.ts";
import type { Cdf } from "./distributions.ts";
import type { Report } from "./suite.ts";
import { generate } from "./workload-generate.ts";
import type { FactsFile } from "./workload-generate.ts";

/** Demanded by the description of the facts: KS at most 0.03, mean within 2 %. */
const MAX_KS = 0.03;
const MEAN_SHARE = 0.02;

/** Independent requests are cheap and some tails are one in a thousand: a million of them put the sampling error of the mean under 1 %. */
const REQUESTS = 1_000_000;
/** Conversations cost more each; their tables have lighter tails where a mean is compared. */
const CHAINED = 200_000;

interface Check {
  readonly name: string;
  readonly samples: ArrayLike<number>;
  readonly cdf: Cdf;
  /** Leave out where one or two samples decide the mean. */
  readonly mean?: number;
  readonly upTo?: number;
}

function judge(id: string, { name, samples, cdf, mean, upTo }: Check, report: Report): void {
  const ks = ksDistance(samples, cdf, upTo);
  const ratio = mean === undefined ? 1 : meanOf(samples) / mean;
  const figure = `KS ${ks.toFixed(4)}${mean === undefined ? "" : `, mean ${meanOf(samples).toFixed(1)} (${ratio.toFixed(4)} of the table's)`}`;
  report(`${id} ${name}`, samples.length > 100 && ks <= MAX_KS && within(ratio, 1, MEAN_SHARE), figure);
}

/** Outputs by the prompt's bin, mixed with the given weights. */
function outputChecks(given: OutputGivenPrompt, weights: readonly number[], samples: ArrayLike<number>): Check {
  const means = given.bins.map((bin) => tableMean(given.p, bin.output_q));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return {
    name: "output",
    samples,
    cdf: mixtureCdf(
      weights,
      given.bins.map((bin) => tableCdf(given.p, bin.output_q)),
    ),
    mean: means.reduce((sum, mean, i) => sum + (mean * weights[i]!) / total, 0),
  };
}

/** Bins are half open, the last one closed. */
function binShares(given: OutputGivenPrompt, prompts: Int32Array): number[] {
  const counts = given.bins.map(() => 0);
  for (const prompt of prompts) {
    const found = given.bins.findIndex((bin) => prompt < bin.prompt_max);
    const bin = found < 0 ? counts.length - 1 : found;
    counts[bin] = counts[bin]! + 1;
  }
  return counts;
}

function taskChecks(lengths: LengthFacts, trace: Trace): Check[] {
  const tasks = lengths.components!;
  const law = lengths.output as { readonly median_fraction_of_max: number; readonly sigma: number };
  const sigma = Math.sqrt(Math.log(1 + lengths.within_task_cv! ** 2));
  const weights = tasks.map((task) => task.weight);
  const total = weights.reduce((a, b) => a + b, 0);
  const prompt = tasks.map(
    (task): Cdf =>
      (x) =>
        normalCdf((Math.log(x / task.mean_prompt_tokens) + (sigma * sigma) / 2) / sigma),
  );
  const output = tasks.map(
    (task): Cdf =>
      (x) =>
        x >= task.max_output_tokens ? 1 : normalCdf(Math.log(x / (task.max_output_tokens * law.median_fraction_of_max)) / law.sigma),
  );
  return [
    {
      name: "prompt",
      samples: trace.promptTokens,
      cdf: mixtureCdf(weights, prompt),
      mean: tasks.reduce((sum, task) => sum + (task.weight * task.mean_prompt_tokens) / total, 0),
    },
    { name: "output", samples: trace.outputTokens, cdf: mixtureCdf(weights, output) },
  ];
}

/** Requests of each session in order. */
function bySession(trace: Trace): number[][] {
  const sessions: number[][] = [];
  for (let i = 0; i < trace.length; i++) (sessions[trace.session![i]!] ??= []).push(i);
  return sessions;
}

function branchChecks(id: string, sessions: SessionFacts, given: OutputGivenPrompt, trace: Trace, report: Report): Check[] {
  const starts = bySession(trace).map((requests) => trace.promptTokens[requests[0]!]!);
  const fresh = sessions.new_prompt!;
  const share = 1 - starts.length / trace.length;
  report(
    `${id} continued`,
    Math.abs(share - sessions.p_continue!) < 0.01,
    `${share.toFixed(4)} of the requests continue another, ${sessions.p_continue} in the file`,
  );
  return [
    { name: "new prompt", samples: starts, cdf: tableCdf(fresh.p, fresh.tokens), mean: tableMean(fresh.p, fresh.tokens) },
    // The prompts of continued requests come from the chain of earlier ones, not from a table: outputs are compared given the bins that came out.
    outputChecks(given, binShares(given, trace.promptTokens), trace.outputTokens),
  ];
}

function agentChecks(sessions: SessionFacts, trace: Trace): Check[] {
  const p = sessions.p!;
  const growth: number[] = [];
  const pauses: number[] = [];
  for (const requests of bySession(trace)) {
    for (let k = 1; k < requests.length; k++) {
      growth.push(trace.promptTokens[requests[k]!]! - trace.promptTokens[requests[k - 1]!]!);
      pauses.push(trace.arrivedAt[requests[k]!]! - trace.arrivedAt[requests[k - 1]!]!);
    }
  }
  const outputs = sessions.output_tokens!;
  return [
    { name: "output", samples: trace.outputTokens, cdf: tableCdf(p, outputs), mean: tableMean(p, outputs) },
    // The largest half percent of both tables spans 35 times its start or more: too few samples decide their means.
    { name: "growth per turn", samples: growth, cdf: tableCdf(p, sessions.growth_tokens_per_turn!) },
    { name: "think time", samples: pauses.map((pause) => pause - 0.5), cdf: tableCdf(p, sessions.think_time_s!) },
  ];
}

function chatChecks(sessions: SessionFacts, lengths: LengthFacts, trace: Trace): Check[] {
  const user: number[] = [];
  for (const requests of bySession(trace)) {
    let history = 0;
    for (const i of requests) {
      user.push(trace.promptTokens[i]! - history);
      history = trace.promptTokens[i]! + trace.outputTokens[i]!;
    }
  }
  const users = lengths.user_tokens_per_turn!;
  const answers = lengths.assistant_tokens_per_turn!;
  return [
    { name: "user tokens", samples: user, cdf: tableCdf(users.p, users.tokens), mean: tableMean(users.p, users.tokens) },
    {
      name: "answer tokens",
      samples: trace.outputTokens,
      cdf: tableCdf(answers.p, answers.tokens),
      mean: tableMean(answers.p, answers.tokens),
    },
  ];
}

function checksOf(file: FactsFile, report: Report): Check[] {
  const { lengths = {}, sessions } = file;
  if (sessions?.growth_tokens_per_turn) return agentChecks(sessions, generate(file, CHAINED));
  if (sessions?.rounds_per_conversation && lengths.user_tokens_per_turn) return chatChecks(sessions, lengths, generate(file, CHAINED));
  if (sessions?.p_continue !== undefined)
    return branchChecks(file.id, sessions, lengths.output_given_prompt!, generate(file, CHAINED), report);
  const trace = generate(file, REQUESTS);
  if (lengths.model === "mixture-of-lognormals") return taskChecks(lengths, trace);
  if (lengths.prompt && lengths.output_given_prompt) {
    const { prompt, output_given_prompt: given } = lengths;
    const weights = given.bins.map((bin) => bin.weight);
    return [
      { name: "prompt", samples: trace.promptTokens, cdf: tableCdf(prompt.p, prompt.tokens), mean: tableMean(prompt.p, prompt.tokens) },
      outputChecks(given, weights, trace.outputTokens),
    ];
  }
  if (lengths.input_tokens && lengths.output_tokens) {
    const { input_tokens: input, output_tokens: output } = lengths;
    // The published mean fixes the shape of the last 5 % between the points: the distance is taken below, the mean over all.
    return [
      { name: "prompt", samples: trace.promptTokens, cdf: tableCdf(input.p, input.v, "log"), mean: input.mean, upTo: 0.95 },
      { name: "output", samples: trace.outputTokens, cdf: tableCdf(output.p, output.v, "log"), mean: output.mean, upTo: 0.95 },
    ];
  }
  if (lengths.prompt && lengths.output && "tokens" in lengths.output) {
    const scale = lengths.model === "log-linear-quantiles" ? "log" : "linear";
    const { prompt, output } = lengths;
    return [
      {
        name: "prompt",
        samples: trace.promptTokens,
        cdf: tableCdf(prompt.p, prompt.tokens, scale),
        mean: tableMean(prompt.p, prompt.tokens, scale),
      },
      {
        name: "output",
        samples: trace.outputTokens,
        cdf: tableCdf(output.p, output.tokens, scale),
        mean: tableMean(output.p, output.tokens, scale),
      },
    ];
  }
  throw new Error(`no lengths of a known kind in ${file.id}`);
}

export function checkLengths(file: FactsFile, report: Report): void {
  for (const check of checksOf(file, report)) judge(file.id, check, report);
}
