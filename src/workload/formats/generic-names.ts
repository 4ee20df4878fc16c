// Names that columns or keys have in the tables of others, and what unit a time has by its name.
import type { TimeUnit } from "./named-table.ts";

/** In order of preference. Short words (in, out, t) are left to the mapping by hand: they mean too many things. */
export const TIME_NAMES = [
  "arrival_s",
  "arrived_at",
  "arrival_time_s",
  "arrival_time",
  "arrival_timestamp",
  "arrival",
  "arrival_ms",
  "arrival_time_ms",
  "arrival_us",
  "arrival_ns",
  "request_time",
  "request_timestamp",
  "start_time",
  "start_time_s",
  "start_time_ms",
  "timestamp",
  "timestamp_s",
  "timestamp_ms",
  "timestamp_us",
  "timestamp_ns",
  "time_s",
  "time_ms",
  "time",
  "created_at",
  "datetime",
];
export const PROMPT_NAMES = [
  "prompt_tokens",
  "input_tokens",
  "num_prompt_tokens",
  "num_input_tokens",
  "num_prefill_tokens",
  "prefill_tokens",
  "context_tokens",
  "contexttokens",
  "request_tokens",
  "prompt_length",
  "input_length",
  "prompt_len",
  "input_len",
  "prompt_size",
  "isl",
  "input_sequence_length",
];
export const OUTPUT_NAMES = [
  "output_tokens",
  "completion_tokens",
  "num_output_tokens",
  "num_decode_tokens",
  "decode_tokens",
  "generated_tokens",
  "generatedtokens",
  "response_tokens",
  "output_length",
  "output_len",
  "completion_length",
  "token_size",
  "osl",
  "output_sequence_length",
];
export const TENANT_NAMES = ["tenant", "tenant_id", "user", "user_id", "client", "client_id", "customer"];
export const SESSION_NAMES = ["session", "session_id", "conversation", "conversation_id", "chat_id"];

export function unitOfName(name: string): TimeUnit {
  if (name.endsWith("_ms")) return 3;
  if (name.endsWith("_us")) return 6;
  if (name.endsWith("_ns")) return 9;
  return name.endsWith("_s") ? 0 : "auto";
}
