// Content of generated prompts: a hash for every block of 16 tokens, the size of vLLM's KV blocks.

export const CONTENT_BLOCK = 16;

/** Hashes of the request that was filled last: `count` of them. Plain data, so that a run can be saved. */
export interface LawContent {
  readonly blockTokens: number;
  ids: Int32Array;
  count: number;
}

/** Room for a prompt of this many tokens, the last block perhaps partly filled. */
export function contentIds(tokens: number): LawContent {
  const count = Math.ceil(tokens / CONTENT_BLOCK);
  return { blockTokens: CONTENT_BLOCK, ids: new Int32Array(count), count };
}
