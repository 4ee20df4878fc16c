// A small sample of every format, written for the tests, with the rows that it must give: [seconds, prompt, output].

export interface Sample {
  readonly format: string;
  readonly name: string;
  readonly text: string;
  readonly rows: readonly (readonly [number, number, number])[];
  readonly sessions?: readonly number[];
  /** Codes of the problems that must be reported. */
  readonly problems?: readonly string[];
}

const lines = (...parts: readonly (string | object)[]): string =>
  `${parts.map((part) => (typeof part === "string" ? part : JSON.stringify(part))).join("\n")}\n`;

export const samples: readonly Sample[] = [
  {
    format: "azure-llm-csv",
    name: "7 decimals",
    text: lines(
      "TIMESTAMP,ContextTokens,GeneratedTokens",
      "2025-02-28 23:59:59.7500000,31,4",
      "2025-03-01 00:00:00.0000001,57,6",
      "2025-03-01 00:00:02,99,7",
    ),
    rows: [
      [0, 31, 4],
      [0.2500001, 57, 6],
      [2.25, 99, 7],
    ],
  },
  {
    format: "azure-llm-csv",
    name: "offsets, images, other order",
    text: lines(
      "NumImages,GeneratedTokens,TIMESTAMP,ContextTokens",
      "0,4,2025-01-01 10:00:00.5+00:00,31",
      "2,5,2025-01-01T12:00:01.5+0200,32",
    ),
    rows: [
      [0, 31, 4],
      [1, 32, 5],
    ],
    problems: ["mixed-time-zones"],
  },
  {
    format: "burstgpt-csv",
    name: "sessions, a failure, a wrong total",
    text: lines(
      "Timestamp,Session ID,Elapsed time,Model,Request tokens,Response tokens,Total tokens,Log Type",
      "7.5,s-1,2,GPT-4,40,4,44,Conversation log",
      "8,,2,GPT-4,41,0,41,API log",
      "9,s-1,2,GPT-4,42,6,50,Conversation log",
    ),
    rows: [
      [0, 40, 4],
      [0.5, 41, 0],
      [1.5, 42, 6],
    ],
    sessions: [0, -1, 0],
    problems: ["zero-output", "total-tokens-mismatch"],
  },
  {
    format: "vidur-csv",
    name: "plain",
    text: lines("arrived_at,num_prefill_tokens,num_decode_tokens", "0.0,11,2", "0.30000000000000004,12,3"),
    rows: [
      [0, 11, 2],
      [0.30000000000000004, 12, 3],
    ],
  },
  {
    format: "vidur-lengths-csv",
    name: "no times",
    text: lines("num_prefill_tokens,num_decode_tokens,num_total_tokens,pd_ratio", "11,2,13,5.5", "12,3,15,4.0"),
    rows: [
      [0, 11, 2],
      [1, 12, 3],
    ],
    problems: ["no-arrival-times"],
  },
  {
    format: "splitwise-csv",
    name: "plain",
    text: lines(
      "request_id,request_type,application_id,arrival_timestamp,batch_size,prompt_size,token_size",
      "0,2,0,3.25,1,11,2",
      "1,2,0,4,1,12,3",
    ),
    rows: [
      [0, 11, 2],
      [0.75, 12, 3],
    ],
  },
  {
    format: "guidellm-json",
    name: "two benchmarks, one error",
    text: JSON.stringify(
      {
        metadata: { version: 2 },
        benchmarks: [
          {
            requests: {
              successful: [{ request_start_time: 1760000000.25, prompt_tokens: 11, output_tokens: 2, info: { conversation_id: "a" } }],
              errored: [],
              incomplete: [],
            },
          },
          {
            requests: {
              successful: [{ request_start_time: 1760000002.5, prompt_tokens: 12, output_tokens: 3, info: { conversation_id: "b" } }],
              errored: [{ request_start_time: 1760000003, prompt_tokens: 13, output_tokens: null, info: { conversation_id: "a" } }],
              incomplete: [],
            },
          },
        ],
      },
      null,
      1,
    ),
    rows: [
      [0, 11, 2],
      [2.25, 12, 3],
      [2.75, 13, 0],
    ],
    sessions: [0, 1, 0],
    problems: ["zero-output"],
  },
  {
    format: "otel-genai",
    name: "a span a line, one of them no model call",
    text: lines(
      {
        startTimeUnixNano: "1760000000123456789",
        attributes: { "gen_ai.usage.input_tokens": 11, "gen_ai.usage.output_tokens": 2, "gen_ai.conversation.id": "x" },
      },
      { startTimeUnixNano: "1760000000500000000", attributes: { "http.route": "/" } },
      { startTimeUnixNano: "1760000001123456790", attributes: { "gen_ai.usage.input_tokens": 12, "gen_ai.usage.output_tokens": 3 } },
    ),
    rows: [
      [0, 11, 2],
      [1.000000001, 12, 3],
    ],
    sessions: [0, -1],
    problems: ["no-token-counts"],
  },
  {
    format: "otel-genai",
    name: "OTLP export",
    text: JSON.stringify({
      resourceSpans: [
        {
          scopeSpans: [
            {
              spans: [5, 7].map((seconds, i) => ({
                startTimeUnixNano: `176000000${seconds}000000000`,
                attributes: [
                  { key: "gen_ai.usage.input_tokens", value: { intValue: String(11 + i) } },
                  { key: "gen_ai.usage.output_tokens", value: { intValue: 2 + i } },
                  { key: "gen_ai.conversation.id", value: { stringValue: "one" } },
                ],
              })),
            },
          ],
        },
      ],
    }),
    rows: [
      [0, 11, 2],
      [2, 12, 3],
    ],
    sessions: [0, 0],
  },
  {
    format: "aiperf-jsonl",
    name: "an error and nanoseconds",
    text: [
      '{"metadata":{"request_start_ns":1760000000000000003,"conversation_id":"p"},"metrics":{"input_sequence_length":{"value":11},"output_sequence_length":{"value":2}},"error":null}',
      '{"metadata":{"request_start_ns":1760000000000000010,"conversation_id":"q"},"metrics":{"error_isl":{"value":12}},"error":{"code":499}}',
      "",
    ].join("\n"),
    rows: [
      [0, 11, 2],
      [7e-9, 12, 0],
    ],
    sessions: [0, 1],
    problems: ["zero-output"],
  },
  {
    format: "vllm-bench-json",
    name: "detailed",
    text: JSON.stringify(
      {
        num_prompts: 3,
        request_throughput: 1,
        request_rate: "inf",
        input_lens: [11, 12, 13],
        output_lens: [2, 3, 4],
        errors: ["", "timeout", ""],
        start_times: [70.5, 71, 73.25],
      },
      null,
      2,
    ),
    rows: [
      [0, 11, 2],
      [0.5, 12, 0],
      [2.75, 13, 4],
    ],
    problems: ["zero-output"],
  },
  {
    format: "vllm-bench-json",
    name: "older version without start times",
    text: JSON.stringify({ num_prompts: 2, request_throughput: 1, input_lens: [11, 12], output_lens: [2, 3], errors: ["", ""] }),
    rows: [
      [0, 11, 2],
      [1, 12, 3],
    ],
    problems: ["no-arrival-times"],
  },
  {
    format: "sharegpt-json",
    name: "one conversation",
    text: JSON.stringify(
      [
        {
          id: "z",
          conversations: [
            { from: "human", value: "12345678" },
            { from: "gpt", value: "1234" },
            { from: "human", value: "1" },
            { from: "gpt", value: 'é"}] {' },
          ],
        },
      ],
      null,
      1,
    ),
    rows: [
      [0, 2, 1],
      [1, 4, 2],
    ],
    sessions: [0, 0],
    problems: ["tokens-estimated", "no-arrival-times"],
  },
  {
    format: "agent-sessions-json",
    name: "two sessions",
    text: lines(
      {
        id: "a",
        requests: [
          { t: 0, in: 100, out: 5, hash_ids: [1, 2] },
          { t: 2.5, in: 130, out: 6, hash_ids: [1, 2, 3] },
        ],
      },
      { id: "b", requests: [{ t: 1, in: 64, out: 7, hash_ids: [9] }] },
    ),
    rows: [
      [0, 100, 5],
      [1, 64, 7],
      [2.5, 130, 6],
    ],
    sessions: [0, 1, 0],
    problems: ["session-clocks", "timestamps-out-of-order"],
  },
  {
    format: "qwen-bailian-jsonl",
    name: "a chat of three turns",
    text: lines(
      { chat_id: 7, parent_chat_id: -1, timestamp: 10, input_length: 20, output_length: 2, type: "text", turn: 1, hash_ids: [1, 2] },
      { chat_id: 8, parent_chat_id: -1, timestamp: 10.5, input_length: 20, output_length: 3, type: "text", turn: 1, hash_ids: [5, 6] },
      { chat_id: 9, parent_chat_id: 7, timestamp: 12, input_length: 40, output_length: 4, type: "text", turn: 2, hash_ids: [1, 2, 3] },
      { chat_id: 10, parent_chat_id: 9, timestamp: 14, input_length: 60, output_length: 5, type: "text", turn: 3, hash_ids: [1, 2, 3, 4] },
    ),
    rows: [
      [0, 20, 2],
      [0.5, 20, 3],
      [2, 40, 4],
      [4, 60, 5],
    ],
    sessions: [0, 1, 0, 0],
  },
  {
    format: "mooncake-jsonl",
    name: "blocks of 512, one row without",
    text: lines(
      { timestamp: 1500, input_length: 600, output_length: 2, hash_ids: [0, 1] },
      { timestamp: 2750, input_length: 512, output_length: 3, hash_ids: [0] },
      { timestamp: 2750, input_length: 513, output_length: 3 },
      { timestamp: 3000, input_length: 100, output_length: 3, hash_ids: [4, 5] },
    ),
    rows: [
      [0, 600, 2],
      [1.25, 512, 3],
      [1.25, 513, 3],
      [1.5, 100, 3],
    ],
    problems: ["no-hash-ids", "hash-ids-length-mismatch"],
  },
  {
    format: "ragpulse-jsonl",
    name: "seconds as text, sessions",
    text: lines(
      { timestamp: "3", input_length: 60, output_length: 2, hash_ids: { sys_prompt: [1], user_input: [2] }, session_id: "k" },
      { timestamp: "5", input_length: 61, output_length: 3, hash_ids: { sys_prompt: [1], user_input: [3] }, session_id: "l" },
    ),
    rows: [
      [0, 60, 2],
      [2, 61, 3],
    ],
    sessions: [0, 1],
  },
  {
    format: "nginx-log",
    name: "time zone, request time, an error",
    text: lines(
      '10.1.1.1 - - [31/Dec/2025:23:59:59 +0100] "POST /v1/chat/completions HTTP/1.1" 200 10 "-" "x" rt=0.500 prompt_tokens=11 completion_tokens=2',
      '10.1.1.1 - - [01/Jan/2026:00:00:01 +0100] "POST /v1/chat/completions HTTP/1.1" 503 10 "-" "x" rt=0.250 prompt_tokens=12',
    ),
    rows: [
      [0, 11, 2],
      [2.25, 12, 0],
    ],
    problems: ["zero-output", "arrival-from-log-time"],
  },
  {
    format: "generic-jsonl",
    name: "a list of records",
    text: JSON.stringify(
      [
        { arrival_ms: 250, prompt_tokens: 11, completion_tokens: 2 },
        { arrival_ms: 1250, prompt_tokens: 12, completion_tokens: 3 },
      ],
      null,
      2,
    ),
    rows: [
      [0, 11, 2],
      [1, 12, 3],
    ],
  },
  {
    format: "generic-jsonl",
    name: "records by line",
    text: lines(
      { created_at: "2026-01-01T00:00:00Z", user: "u", input_tokens: "11", output_tokens: 2 },
      { created_at: "2026-01-01T00:00:01.5Z", user: "v", input_tokens: 12, output_tokens: 3 },
    ),
    rows: [
      [0, 11, 2],
      [1.5, 12, 3],
    ],
  },
  {
    format: "generic-csv",
    name: "semicolons and decimal commas",
    text: lines("arrival_s;client;input_tokens;output_tokens", "0,25;a;1.200;2", "1,5;b;12;3"),
    rows: [
      [0, 1200, 2],
      [1.25, 12, 3],
    ],
    problems: ["delimiter-semicolon-decimal-comma"],
  },
  {
    format: "generic-csv",
    name: "tabs and milliseconds since 1970",
    text: lines("timestamp\tprompt_tokens\toutput_tokens", "1760000000250\t11\t2", "1760000001500\t12\t3"),
    rows: [
      [0, 11, 2],
      [1.25, 12, 3],
    ],
  },
];
