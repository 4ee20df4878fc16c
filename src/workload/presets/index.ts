// The measured workloads. To add one: a file with its facts (layout in facts.ts), its title and source in heads.ts, and a line here.
import { rateOf } from "./arrivals.ts";
import { byId, registry } from "../../engine/registry.ts";
import { arxivSummarizationLike } from "./arxiv-summarization-like.ts";
import { azureCodeLike } from "./azure-code-like.ts";
import { azureConversationLike } from "./azure-conversation-like.ts";
import { burstgptLike } from "./burstgpt-like.ts";
import { claudeCodeAgentLike } from "./claude-code-agent-like.ts";
import type { WorkloadFacts } from "./facts.ts";
import { workloadHeads, type WorkloadHead } from "./heads.ts";
import { humanevalLike } from "./humaneval-like.ts";
import { longbenchLike } from "./longbench-like.ts";
import { mooncakeConversationLike } from "./mooncake-conversation-like.ts";
import { ragpulseLike } from "./ragpulse-like.ts";
import { servegenDeepseekR1Like } from "./servegen-deepseek-r1-like.ts";
import { servegenMSmallLike } from "./servegen-m-small-like.ts";
import { sharegptLike } from "./sharegpt-like.ts";

// Means over 200,000 generated requests, so that a list need not generate them; a test compares.
const meanTokens: Readonly<Record<string, readonly [prompt: number, output: number]>> = {
  "azure-conversation-like": [1195.5, 200.9],
  "azure-code-like": [2048.9, 28.2],
  "mooncake-conversation-like": [12122, 343.4],
  "burstgpt-like": [374.9, 121],
  "servegen-deepseek-r1-like": [1277, 1515],
  "servegen-m-small-like": [118.7, 14.5],
  "ragpulse-like": [2925.6, 272.4],
  "claude-code-agent-like": [236000, 567],
  "sharegpt-like": [13600, 419.6],
  "arxiv-summarization-like": [2581.5, 294.2],
  "humaneval-like": [170.6, 97.6],
  "longbench-like": [9955, 60.7],
};

export const presetFacts: readonly WorkloadFacts[] = registry("workload", [
  azureConversationLike,
  azureCodeLike,
  mooncakeConversationLike,
  burstgptLike,
  servegenDeepseekR1Like,
  servegenMSmallLike,
  ragpulseLike,
  claudeCodeAgentLike,
  sharegptLike,
  arxivSummarizationLike,
  humanevalLike,
  longbenchLike,
]);

/** A measured workload, as lists show it. */
export interface WorkloadEntry extends WorkloadHead {
  /** Mean rate per second: of sessions where `rateCounts` says so. */
  readonly ratePerS: number;
  readonly rateCounts: "requests" | "sessions";
  /** Mean tokens of the generated requests. */
  readonly meanPromptTokens: number;
  readonly meanOutputTokens: number;
}

export const workloads: readonly WorkloadEntry[] = workloadHeads.map((head) => {
  const { arrivals } = byId("workload", presetFacts, head.id);
  const [meanPromptTokens, meanOutputTokens] = meanTokens[head.id] ?? [NaN, NaN];
  return {
    ...head,
    ratePerS: rateOf(arrivals),
    rateCounts: arrivals.model === "session-poisson" ? "sessions" : "requests",
    meanPromptTokens,
    meanOutputTokens,
  };
});
