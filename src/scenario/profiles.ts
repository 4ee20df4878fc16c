// Profiles ready for use, and what a scenario asks of them that they were not measured for. Loaded only where a scenario names a profile.
import { openProfile } from "../latency/operator-table-model.ts";
import type { OperatorProfile } from "../latency/profile/types.ts";
import type { OpenProfile } from "../latency/types.ts";
import { gpuById, modelById } from "../catalog/index.ts";
import type { RequestLog } from "../engine/metrics/results.ts";
import { withDefaults } from "../engine/params.ts";
import { batching } from "../policies/batching/index.ts";
import type { Pool, Scenario } from "./types.ts";

export interface NamedProfile {
  readonly hash: string;
  readonly file: string;
  readonly profile: OperatorProfile;
}

/** By hash; those of `before` are taken over, with the tables that they have ready. */
export const openProfiles = (
  given: readonly NamedProfile[],
  before: ReadonlyMap<string, OpenProfile> = new Map(),
): ReadonlyMap<string, OpenProfile> =>
  new Map(given.map(({ hash, file, profile }) => [hash, before.get(hash) ?? openProfile(profile, file)]));

export interface RequestLength {
  readonly promptTokens: number;
  readonly outputTokens: number;
}

/** Lengths of the served requests of one pool of a run. */
export function* lengthsOf(
  log: Pick<RequestLog, "length" | "pool" | "promptTokens" | "outputTokens">,
  pool: number,
): Generator<RequestLength> {
  for (let row = 0; row < log.length; row++)
    if (log.pool[row] === pool) yield { promptTokens: log.promptTokens[row]!, outputTokens: log.outputTokens[row]! };
}

const whole = (value: number): string => Math.floor(value).toLocaleString("en-US");

/** Parameters of a replica scheduler that limit a batch, with what they limit. */
const LIMITS = [
  { key: "chunk", of: "tokens" },
  { key: "maxTokens", of: "tokens" },
  { key: "batchCap", of: "decodes" },
] as const;

/**
 * One sentence for each limit of the pool's scheduler that lets batches leave what the profile was measured for, and one for the requests of a
 * run that grew beyond it: `requests` are those of the pool.
 */
export function beyondProfile(
  scenario: Pick<Scenario, "model">,
  pool: Pool,
  open: OpenProfile,
  requests: Iterable<RequestLength> = [],
): string[] {
  const { gpu, tensorParallel, pipelineParallel } = pool;
  const shard = { gpu: gpuById(gpu), model: modelById(scenario.model), tensorParallel, pipelineParallel };
  const { blockSize } = pool.kv;
  if (open.problem(shard, blockSize) !== null) return [];
  const range = open.range(shard, blockSize);
  const scheduler = batching.find((entry) => entry.id === pool.batching.id);
  const values: Readonly<Record<string, unknown>> = scheduler === undefined ? {} : withDefaults(scheduler.params, pool.batching.params);
  const sentences = LIMITS.flatMap(({ key, of }) => {
    const limit = values[key];
    const measured = of === "tokens" ? Math.min(range.tokens, range.chunk) : range.decodes;
    if (typeof limit !== "number" || limit <= measured) return [];
    const what = of === "tokens" ? "tokens of an iteration" : "decoding requests";
    return [
      `${key} ${whole(limit)} allows more than the ${whole(measured)} ${what} that the profile was measured for: times beyond are extrapolated.`,
    ];
  });
  let beyond = 0;
  let longest = 0;
  for (const { promptTokens, outputTokens } of requests)
    if (promptTokens + outputTokens > range.context) {
      beyond++;
      longest = Math.max(longest, promptTokens + outputTokens);
    }
  if (beyond > 0)
    sentences.push(
      `${whole(beyond)} ${beyond === 1 ? "request grows" : "requests grow"} beyond the ${whole(range.context)} tokens of context that the profile was measured for, up to ${whole(longest)}: times beyond are extrapolated.`,
    );
  return sentences;
}
