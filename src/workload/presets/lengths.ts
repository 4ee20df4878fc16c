// Length laws from the facts of a workload whose requests are independent of each other.
import { drawNormal, exp, ln } from "../../engine/kernel/math.ts";
import type { Random } from "../../engine/kernel/random.ts";
import { quantileAt, quantileTable, withMean } from "../synth/quantiles.ts";
import type { QuantileTable } from "../synth/quantiles.ts";
import { wholeTokens } from "../synth/types.ts";
import type { LengthLaw } from "../synth/types.ts";
import type { LengthFacts, OutputGivenPrompt, PooledQuantiles, WorkloadFacts } from "./facts.ts";

/** Output lengths by the prompt's bin: draws for one request. */
export function outputsGivenPrompt(facts: OutputGivenPrompt, random: Random): (prompt: number) => number {
  const bins = facts.bins.map((bin) => quantileTable(facts.p, bin.output_q));
  const upper = Float64Array.from(facts.bins, (bin) => bin.prompt_max);
  const last = bins.length - 1;
  return (prompt) => {
    let i = 0;
    while (i < last && prompt >= upper[i]!) i++;
    return wholeTokens(quantileAt(bins[i]!, random.uniform()));
  };
}

const pooled = (facts: PooledQuantiles): QuantileTable => withMean(facts.p, facts.v, facts.mean);

function conditional(prompt: QuantileTable, given: OutputGivenPrompt, maxTotal: number, random: Random): LengthLaw {
  const drawOutput = outputsGivenPrompt(given, random);
  return {
    fill: (into) => {
      const tokens = wholeTokens(quantileAt(prompt, random.uniform()));
      into.promptTokens = tokens;
      into.outputTokens = Math.min(drawOutput(tokens), Math.max(1, maxTotal - tokens));
    },
  };
}

const independent = (prompt: QuantileTable, output: QuantileTable, random: Random): LengthLaw => ({
  fill: (into) => {
    into.promptTokens = wholeTokens(quantileAt(prompt, random.uniform()));
    into.outputTokens = wholeTokens(quantileAt(output, random.uniform()));
  },
});

/** Tasks of a benchmark: lognormal prompts around each task's mean, lognormal outputs clipped at the task's limit. */
function taskMixture(facts: LengthFacts, random: Random): LengthLaw {
  const tasks = facts.components ?? [];
  const law = facts.output as { readonly median_fraction_of_max: number; readonly sigma: number };
  const cv = facts.within_task_cv ?? 0;
  const variance = ln(1 + cv * cv);
  const sigma = Math.sqrt(variance);
  const total = tasks.reduce((sum, task) => sum + task.weight, 0);
  let below = 0;
  const upTo = Float64Array.from(tasks, (task) => (below += task.weight) / total);
  const mu = Float64Array.from(tasks, (task) => ln(task.mean_prompt_tokens) - variance / 2);
  const median = Float64Array.from(tasks, (task) => task.max_output_tokens * law.median_fraction_of_max);
  const longest = Int32Array.from(tasks, (task) => task.max_output_tokens);
  return {
    fill: (into) => {
      const u = random.uniform();
      let task = 0;
      while (task < upTo.length - 1 && u >= upTo[task]!) task++;
      into.promptTokens = wholeTokens(exp(mu[task]! + sigma * drawNormal(random)));
      into.outputTokens = Math.min(longest[task]!, wholeTokens(median[task]! * exp(law.sigma * drawNormal(random))));
    },
  };
}

export function lengthsFromFacts(facts: WorkloadFacts, random: Random): LengthLaw {
  const lengths = facts.lengths ?? {};
  if (lengths.prompt && lengths.output_given_prompt) {
    const maxTotal = facts.constraints?.max_total_tokens ?? Infinity;
    return conditional(quantileTable(lengths.prompt.p, lengths.prompt.tokens), lengths.output_given_prompt, maxTotal, random);
  }
  if (lengths.model === "mixture-of-lognormals") return taskMixture(lengths, random);
  if (lengths.input_tokens && lengths.output_tokens)
    return independent(pooled(lengths.input_tokens), pooled(lengths.output_tokens), random);
  if (lengths.prompt && lengths.output && "tokens" in lengths.output) {
    const scale = lengths.model === "log-linear-quantiles" ? "log" : "linear";
    const { prompt, output } = lengths;
    return independent(quantileTable(prompt.p, prompt.tokens, scale), quantileTable(output.p, output.tokens, scale), random);
  }
  throw new Error(
    `The facts of workload "${facts.id}" hold no lengths of a known kind. Known: prompt with output_given_prompt, prompt and output quantiles, input_tokens and output_tokens, mixture-of-lognormals.`,
  );
}
