// Scores in [0, 1] of replicas, weighted and added: the endpoint picker of the Kubernetes Gateway API inference extension, and of llm-d
// (kubernetes-sigs/gateway-api-inference-extension, pkg/epp/scheduling).

const clamp = (score: number): number => (score > 0 ? Math.min(score, 1) : 0);

/** Share of the hashes of a prompt that a replica is thought to hold. A prompt without hashes is too short to matter. */
export const prefixScore = (matched: number, total: number): number => (total === 0 ? 0 : clamp(matched / total));

/** 1 for the shortest queue, 0 for the longest; 1 for all when they are equal. */
export const queueScore = (waiting: number, least: number, most: number): number =>
  most === least ? 1 : clamp((most - waiting) / (most - least));

/** Share of the KV cache that is free. */
export const kvScore = (usage: number): number => clamp(1 - usage);

export interface Weights {
  readonly prefix: number;
  readonly queue: number;
  readonly kv: number;
}

export interface Endpoint {
  readonly matched: number;
  readonly total: number;
  readonly waiting: number;
  /** Share of KV blocks in use. */
  readonly kvUsage: number;
}

/** Weighted sums, in the order of the endpoints. */
export function weightedScores(endpoints: readonly Endpoint[], { prefix, queue, kv }: Weights): number[] {
  let least = Infinity;
  let most = -Infinity;
  for (const { waiting } of endpoints) {
    if (waiting < least) least = waiting;
    if (waiting > most) most = waiting;
  }
  return endpoints.map(
    ({ matched, total, waiting, kvUsage }) =>
      prefix * prefixScore(matched, total) + queue * queueScore(waiting, least, most) + kv * kvScore(kvUsage),
  );
}
