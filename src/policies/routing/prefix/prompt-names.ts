// Names of the blocks of a prompt, at a block size of the router's own.
import type { FleetView } from "../../../engine/contracts.ts";
import { writeNames } from "../../../engine/kv/names.ts";

export class PromptNames {
  hi = new Int32Array(16);
  lo = new Int32Array(16);
  known = 0;

  /** Of the full blocks of a prompt, at most `most`. */
  read(slot: number, { content, requests }: FleetView, blockSize: number, most = Infinity): void {
    const tokens = Math.min(requests.promptTokens[slot]!, most * blockSize);
    writeNames(this, content.idsOf(slot), 0, content.countOf(slot), content.blockTokens, tokens, blockSize);
  }
}
