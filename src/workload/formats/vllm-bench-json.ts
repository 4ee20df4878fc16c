// Results of `vllm bench serve --save-result --save-detailed`: one object with parallel lists.
import type { JsonParser, TraceFormat } from "./types.ts";
import { Refusal } from "./types.ts";
import { NOT_A_NUMBER, timeOf, tokensOf } from "./values.ts";
import { Column } from "./columns.ts";

const LISTS = ["input_lens", "output_lens", "start_times", "errors"] as const;

export const vllmBenchJson: TraceFormat = {
  id: "vllm-bench-json",
  label: "vLLM benchmark result",
  help: "JSON of vllm bench serve with --save-detailed: input_lens, output_lens, start_times (older versions have none: one second apart), errors.",
  detect: ({ first, keys }) => first === "{" && (keys.has("input_lens") || (keys.has("num_prompts") && keys.has("request_throughput"))),
  open: (builder): JsonParser => {
    const prompts = new Column((n) => new Int32Array(n));
    const outputs = new Column((n) => new Int32Array(n));
    const starts = new Column((n) => new Float64Array(n));
    const failed = new Column((n) => new Uint16Array(n));
    const lines = new Column((n) => new Int32Array(n));
    return {
      kind: "json",
      paths: LISTS.map((list) => [list, "*"]),
      value: (path, value, line) => {
        if (path === 0) {
          prompts.push(tokensOf(value));
          lines.push(line);
        } else if (path === 1) outputs.push(tokensOf(value));
        else if (path === 2) starts.push(typeof value === "number" ? value : NaN);
        else failed.push(value === "" || value === null ? 0 : 1);
      },
      end: () => {
        if (prompts.length === 0) {
          throw new Refusal("no-rows", "The benchmark result has totals but no requests: run vllm bench serve with --save-detailed.");
        }
        const timeless = starts.length === 0;
        if (timeless) builder.timeless();
        for (let i = 0; i < prompts.length; i++) {
          const line = lines.data[i]!;
          if (i >= outputs.length || (!timeless && i >= starts.length)) {
            builder.refuse("missing-field", line);
            continue;
          }
          const time = timeless ? 0 : timeOf(starts.data[i]!, 0, builder.moment);
          builder.add(time, prompts.data[i]!, failed.data[i] === 1 ? 0 : (outputs.data[i] ?? NOT_A_NUMBER), line);
        }
        if (timeless && builder.accepted > 0) builder.noteFile("no-arrival-times", builder.accepted);
      },
    };
  },
};
