// The composition of a batch in which nothing happens: what cases and explanations start from.
import type { BatchShape } from "../engine/contracts.ts";

export const emptyShape: BatchShape = {
  prefillTokens: 0,
  prefillRequests: 0,
  decodeRequests: 0,
  decodeContext: 0,
  prefillContext: 0,
  prefillWork: 0,
  prefillSquares: 0,
};
