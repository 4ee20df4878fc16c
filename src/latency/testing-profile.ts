// For tests only: a small profile that times any model, with figures that are easy to work out by hand.
import { canonical } from "./profile/encode.ts";
import { LAYER_OPS } from "./profile/select.ts";
import type { OperatorProfile } from "./profile/types.ts";

/** Milliseconds of an operator at so many tokens. */
export const opMs = (tokens: number): number => (4 + tokens) / 512;
/** Milliseconds of decode attention: by requests and tokens of their contexts. */
export const decodeMs = (requests: number, kv: number): number => (2048 + requests * kv) / 65536;
/** Milliseconds of prefill attention: by its work. */
export const prefillMs = (chunk: number, kv: number): number => (4096 + chunk * (kv + chunk / 2)) / 262144;

const OPS = [...LAYER_OPS, "attn_kv_cache_save", "all_reduce", "send_recv"];

const grid = (kind: "decode" | "prefill", rows: readonly number[], kv: readonly number[], ms: (row: number, kv: number) => number) => ({
  kind,
  keys: {},
  columns: {
    rows: Float64Array.from(rows),
    kv: Float64Array.from(kv),
    ms: Float64Array.from(rows.flatMap((row) => kv.map((x) => ms(row, x)))),
  },
});

/** Tokens to 4,096, 64 decoding requests, contexts to 2,048, chunks to 1,024. */
export const testProfile: OperatorProfile = canonical([
  {
    kind: "ops",
    keys: {},
    columns: {
      tokens: Float64Array.of(1, 4096),
      ...Object.fromEntries(OPS.map((op) => [op, Float64Array.of(opMs(1), opMs(4096))])),
    },
  },
  grid("decode", [1, 64], [0, 2048], decodeMs),
  grid("prefill", [1, 64, 1024], [0, 1024, 2048], prefillMs),
]);
