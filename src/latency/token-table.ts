// Batch time from a table by new tokens in the batch: a measurement of one's own, or a curve read off a figure.
import type { BatchShape, DecodeForm, LatencyModel } from "../engine/contracts.ts";
import { table } from "../engine/params.ts";
import { defineLatency } from "./types.ts";
import type { LatencyTerm } from "./types.ts";

/**
 * Whole prompts of 256 tokens, 1 to 16 in a batch: Llama-3-70B on 4 A100. Derived from Vidur's operator profiles (github.com/microsoft/vidur,
 * commit 7d47513, MIT) by its formulas; attention is half of the profile at 2 GPUs, for there is none at 4.
 */
const PROMPTS_OF_256 = [
  108.246, 189.573, 273.242, 369.913, 458.093, 542.383, 620.574, 693.911, 795.847, 858.058, 950.825, 1033.406, 1123.61, 1204.742, 1278.033,
  1350.831,
];

class TokenTable implements LatencyModel {
  private readonly tokens: Float64Array;
  private readonly seconds: Float64Array;
  /** Seconds per token from each row to the next; after the last row as before it. */
  private readonly slope: Float64Array;

  constructor(rows: readonly (readonly number[])[], stages: number) {
    // Of rows with the same number of tokens the last one counts.
    const sorted = [...new Map(rows.map((row) => [row[0]!, row[1]!]))].sort((a, b) => a[0] - b[0]);
    this.tokens = Float64Array.from(sorted, ([tokens]) => tokens);
    // The table stands for the whole model: a stage has its share.
    this.seconds = Float64Array.from(sorted, ([, ms]) => (ms * 1e-3) / stages);
    this.slope = this.seconds.map((seconds, i) => {
      const from = Math.min(i, sorted.length - 2);
      if (from < 0) return seconds / this.tokens[0]!;
      return Math.max(0, (this.seconds[from + 1]! - this.seconds[from]!) / (this.tokens[from + 1]! - this.tokens[from]!));
    });
  }

  timeOf(tokens: number): number {
    const { tokens: rows } = this;
    if (tokens <= rows[0]!) return this.seconds[0]!;
    let low = 0;
    let high = rows.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (rows[middle]! <= tokens) low = middle;
      else high = middle - 1;
    }
    return this.seconds[low]! + (tokens - rows[low]!) * this.slope[low]!;
  }

  iteration(shape: BatchShape): number {
    return this.timeOf(shape.prefillTokens + shape.decodeRequests);
  }

  decodeForm(requests: number, _context: number, into: DecodeForm): void {
    into.base = this.timeOf(requests);
    into.perContext = 0;
    into.below = Infinity;
  }
}

export const tokenTable = defineLatency({
  kind: "latency",
  id: "token-table",
  label: "Table by tokens",
  help: "Time by new tokens in the batch, in straight lines between the rows; below the first row its time, beyond the last as steep as before. Knows neither GPU nor context.",
  reads: ["prefillTokens", "decodeRequests"],
  params: {
    rows: table(
      PROMPTS_OF_256.map((ms, i) => [256 * (i + 1), ms]),
      [
        { id: "tokens", label: "Tokens", unit: "tok", min: 1, max: 1e7 },
        { id: "ms", label: "Time", unit: "ms", min: 0.001, max: 1e7 },
      ],
      "Whole prompts of 256 tokens on Llama-3-70B, 4 A100: from Vidur's operator profiles (7d47513), attention approximated. Or your own.",
      "Time by tokens",
    ),
  },
  create: ({ rows }, shard) => new TokenTable(rows, shard.pipelineParallel),
  explain: ({ rows }, shard) => {
    const model = new TokenTable(rows, shard.pipelineParallel);
    const term = (label: string, tokens: number): LatencyTerm => ({
      label,
      value: 1e3 * model.timeOf(tokens),
      unit: "ms",
      source: "the table",
    });
    return [
      term("One decode, context 1,000", 1),
      term("64 decodes, context 1,000 each", 64),
      term("Prefill of 256 tokens", 256),
      term("Prefill of 1,000 tokens", 1000),
      term("Prefill of 4,096 tokens", 4096),
    ];
  },
});
