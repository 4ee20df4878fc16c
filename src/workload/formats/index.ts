// The trace formats, in the order in which they are asked whether a file is theirs: the generic ones come last.
import { registry } from "../../engine/registry.ts";
import { agentSessionsJson } from "./agent-sessions-json.ts";
import { aiperfJsonl } from "./aiperf-jsonl.ts";
import { azureLlmCsv } from "./azure-llm-csv.ts";
import { burstgptCsv } from "./burstgpt-csv.ts";
import { genericCsv } from "./generic-csv.ts";
import { genericJsonl } from "./generic-jsonl.ts";
import { guidellmJson } from "./guidellm-json.ts";
import { mooncakeJsonl } from "./mooncake-jsonl.ts";
import { nginxLog } from "./nginx-log.ts";
import { otelGenai } from "./otel-genai.ts";
import { qwenBailianJsonl } from "./qwen-bailian-jsonl.ts";
import { ragpulseJsonl } from "./ragpulse-jsonl.ts";
import { sharegptJson } from "./sharegpt-json.ts";
import { splitwiseCsv } from "./splitwise-csv.ts";
import type { TraceFormat } from "./types.ts";
import { vidurCsv } from "./vidur-csv.ts";
import { vidurLengthsCsv } from "./vidur-lengths-csv.ts";
import { vllmBenchJson } from "./vllm-bench-json.ts";

export const traceFormats: readonly TraceFormat[] = registry("trace format", [
  azureLlmCsv,
  burstgptCsv,
  vidurCsv,
  vidurLengthsCsv,
  splitwiseCsv,
  guidellmJson,
  otelGenai,
  aiperfJsonl,
  vllmBenchJson,
  sharegptJson,
  agentSessionsJson,
  qwenBailianJsonl,
  mooncakeJsonl,
  ragpulseJsonl,
  nginxLog,
  genericJsonl,
  genericCsv,
]);
