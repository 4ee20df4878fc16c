// Suite routing: worked examples of prompt routers and of a prefix cache, each file of the folder one policy.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { checkApc } from "./routing-blocks.ts";
import { checkDynamo, checkPicker, checkPow2, checkRay, checkSglang } from "./routing-choices.ts";
import type { Case, Check } from "./routing-choices.ts";
import { checkTree } from "./routing-tree.ts";
import type { Suite } from "./suite.ts";

interface File {
  readonly schema: string;
  readonly policy?: string;
  readonly cases?: readonly Case[];
}

const CHECKS: Readonly<Record<string, Check>> = {
  "ray-pow2": checkPow2,
  "ray-prefix-tree": checkTree,
  "ray-prefix-aware": checkRay,
  "vllm-apc": checkApc,
  "sglang-cache-aware": checkSglang,
  "gie-weighted-scorers": checkPicker,
  "dynamo-kv-router": checkDynamo,
};

export const suite: Suite = {
  id: "routing",
  about:
    "Decisions of Ray's power of two and prefix-aware routers, its prefix tree, SGLang's cache-aware router, the Gateway API's scorers, Dynamo's KV cost, and vLLM's prefix cache, operation by operation; numbers within 1e-6, for the examples are rounded to 9 places; where several choices are right, any of them.",
  needsFolder: true,
  run: async (folder, report, note) => {
    for (const name of readdirSync(folder).sort()) {
      if (!name.endsWith(".json")) continue;
      const { schema, policy = "", cases = [] } = JSON.parse(readFileSync(join(folder, name), "utf8")) as File;
      if (schema !== "routing-golden/1") {
        note(`${name} holds no cases (${schema})`);
        continue;
      }
      // A family of policies of its own: schedulers with deadlines.
      if (name.startsWith("slosserve")) {
        note(`${name} not run: ${cases.length} cases of SLOs-Serve, which is not among the policies here`);
        continue;
      }
      const check = CHECKS[policy];
      if (check === undefined) {
        report(name, false, `unknown policy "${policy}". Known: ${Object.keys(CHECKS).join(", ")}`);
        continue;
      }
      for (const one of cases) {
        try {
          const wrong = check(one);
          report(one.id, wrong === "", wrong === "" ? (one.description ?? policy) : wrong);
        } catch (error) {
          report(one.id, false, error instanceof Error ? error.message : String(error));
        }
      }
    }
  },
};
