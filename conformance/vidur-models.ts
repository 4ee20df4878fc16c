// Models by the names that Vidur knows them by.
import { models } from "../src/catalog/index.ts";

export interface Heads {
  readonly layers: number;
  readonly heads: number;
  readonly kvHeads: number;
}

/** Models of Vidur that the catalog does not have (microsoft/vidur@7d47513, vidur/config/model_config.py; Qwen-2-7B: AKafakA/vidur_opt_scheduler@20bdc49). */
const OTHERS: Readonly<Record<string, Heads>> = {
  "qwen-2-7b": { layers: 28, heads: 28, kvHeads: 4 },
  "qwen-72b": { layers: 80, heads: 64, kvHeads: 64 },
  "internlm-20b": { layers: 60, heads: 40, kvHeads: 40 },
  "internlm2-20b": { layers: 48, heads: 48, kvHeads: 8 },
  "codellama-34b": { layers: 48, heads: 64, kvHeads: 8 },
  "phi-2": { layers: 32, heads: 32, kvHeads: 32 },
};

/** "meta-llama/Llama-2-70b-hf" is the catalog's llama-2-70b. */
export function headsOf(name: string): Heads {
  const id = name
    .replace(/^.*\//, "")
    .toLowerCase()
    .replace(/^meta-/, "")
    .replace(/-(hf|instruct|chat)\b/g, "");
  const found = models.find((model) => model.id === id) ?? OTHERS[id];
  if (found === undefined) throw new Error(`Neither the catalog nor the list of Vidur's models has "${name}" (as "${id}").`);
  return found;
}
