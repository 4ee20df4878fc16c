// Azure LLM inference traces of 2023, 2024 and 2025 (the multimodal files have one more column).
import { namedTable } from "./named-table.ts";

export const azureLlmCsv = namedTable({
  id: "azure-llm-csv",
  label: "Azure LLM inference trace",
  help: "CSV of the Azure public dataset: TIMESTAMP (date with up to 7 decimals, offset or none), ContextTokens, GeneratedTokens; NumImages is ignored.",
  time: "timestamp",
  unit: "auto",
  prompt: "contexttokens",
  output: "generatedtokens",
});
