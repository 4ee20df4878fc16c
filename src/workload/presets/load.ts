// The measured workloads one by one, for the page's workers: a run loads only the tables that its scenario names. Keep in step with index.ts; a test compares.
import type { WorkloadFacts } from "./facts.ts";

const loaders: Readonly<Record<string, () => Promise<WorkloadFacts>>> = {
  "azure-conversation-like": async () => (await import("./azure-conversation-like.ts")).azureConversationLike,
  "azure-code-like": async () => (await import("./azure-code-like.ts")).azureCodeLike,
  "mooncake-conversation-like": async () => (await import("./mooncake-conversation-like.ts")).mooncakeConversationLike,
  "burstgpt-like": async () => (await import("./burstgpt-like.ts")).burstgptLike,
  "servegen-deepseek-r1-like": async () => (await import("./servegen-deepseek-r1-like.ts")).servegenDeepseekR1Like,
  "servegen-m-small-like": async () => (await import("./servegen-m-small-like.ts")).servegenMSmallLike,
  "ragpulse-like": async () => (await import("./ragpulse-like.ts")).ragpulseLike,
  "claude-code-agent-like": async () => (await import("./claude-code-agent-like.ts")).claudeCodeAgentLike,
  "sharegpt-like": async () => (await import("./sharegpt-like.ts")).sharegptLike,
  "arxiv-summarization-like": async () => (await import("./arxiv-summarization-like.ts")).arxivSummarizationLike,
  "humaneval-like": async () => (await import("./humaneval-like.ts")).humanevalLike,
  "longbench-like": async () => (await import("./longbench-like.ts")).longbenchLike,
};

export const loadableIds: readonly string[] = Object.keys(loaders);

/** The facts of a workload; an empty list for an unknown id, which whoever builds the source reports. */
export async function loadWorkload(id: string): Promise<readonly WorkloadFacts[]> {
  const load = loaders[id];
  return load === undefined ? [] : [await load()];
}
