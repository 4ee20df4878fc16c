// What the measured workloads are, apart from their tables: the page lists them all, and a run loads the tables of one.

export interface WorkloadHead {
  readonly id: string;
  readonly title: string;
  /** What is measured and what assumed. */
  readonly basis: string;
  readonly source: string;
  readonly licence: string;
}

/** In the order in which they are offered. */
export const workloadHeads: readonly WorkloadHead[] = [
  {
    id: "azure-conversation-like",
    title: "Azure conversation service, Nov 2023",
    basis: "measured",
    source: "Azure/AzurePublicDataset data/AzureLLMInferenceTrace_conv.csv, rows 1-14176 (first 2400 s)",
    licence: "CC-BY-4.0 (facts derived)",
  },
  {
    id: "azure-code-like",
    title: "Azure code-completion service, Nov 2023",
    basis: "measured",
    source: "Azure/AzurePublicDataset data/AzureLLMInferenceTrace_code.csv (all 8,819 rows)",
    licence: "CC-BY-4.0 (facts derived)",
  },
  {
    id: "mooncake-conversation-like",
    title: "Kimi conversation hour (Mooncake FAST25)",
    basis: "measured",
    source: "kvcache-ai/Mooncake FAST25-release/traces/conversation_trace.jsonl (all 12,031 rows)",
    licence: "Apache-2.0 (facts derived)",
  },
  {
    id: "burstgpt-like",
    title: "BurstGPT (regional Azure OpenAI campus service), first 2 months",
    basis: "published summaries only: raw file not obtainable here",
    source:
      "HPMLL/BurstGPT README; per-day, per-hour, per-minute summaries from IsabellaLiu99/burstgpt_analysis; length quantiles of the first 59,999 rows summarised by a third party (fnstggl/energy2)",
    licence: "CC-BY-4.0 (facts derived)",
  },
  {
    id: "servegen-deepseek-r1-like",
    title: "Bailian DeepSeek-R1, 1 day",
    basis: "measured per-client rates, gap CVs and length histograms",
    source: "alibaba/ServeGen data/reason/deepseek-r1",
    licence: "Apache-2.0 (facts derived)",
  },
  {
    id: "servegen-m-small-like",
    title: "Bailian small language model, 2 weeks",
    basis: "measured per-client rates and gap CVs; length histograms of clients with 43% of the traffic",
    source: "alibaba/ServeGen data/language/m-small",
    licence: "Apache-2.0 (facts derived)",
  },
  {
    id: "ragpulse-like",
    title: "Campus RAG question answering, week of Sep 2025",
    basis: "measured",
    source: "flashserve/RAGPulse data/0_trace.jsonl, first 4 days",
    licence: "MIT (facts derived)",
  },
  {
    id: "claude-code-agent-like",
    title: "Claude Code agent sessions (May 2026 sample)",
    basis: "measured, small sample (14 sessions)",
    source: "Hugging Face semianalysisai/cc-traces-weka-no-subagents-051226 via fnstggl/energy2 normalized_sample.jsonl, first 14 sessions",
    licence: "Apache-2.0 (facts derived)",
  },
  {
    id: "sharegpt-like",
    title: "ShareGPT multi-turn chats",
    basis: "character counts / 4 of 1000 conversations; Poisson arrivals assumed",
    source: "ShareGPT52K head via fnstggl/energy2 sharegpt_aiperf_ingest_summary.json (lengths only)",
    licence: "lengths only; text not used",
  },
  {
    id: "arxiv-summarization-like",
    title: "arXiv summarization (Llama-2 tokenizer, total <= 4k)",
    basis: "measured lengths, assumed Poisson arrivals",
    source: "microsoft/vidur data/processed_traces/arxiv_summarization_..._filtered_v2.csv rows 1-18838",
    licence: "MIT (facts derived)",
  },
  {
    id: "humaneval-like",
    title: "HumanEval code completion",
    basis: "character counts of all 164 tasks; tokens = chars / factor; Poisson arrivals assumed",
    source: "openai/human-eval data/HumanEval.jsonl.gz",
    licence: "MIT (facts derived)",
  },
  {
    id: "longbench-like",
    title: "LongBench mixture",
    basis: "published per-task mean lengths; spread and output law assumed; Poisson arrivals assumed",
    source: "THUDM/LongBench LongBench/task.md and config/dataset2maxlen.json",
    licence: "MIT (facts derived)",
  },
];
