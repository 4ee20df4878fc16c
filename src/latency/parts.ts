// Where the time of an iteration goes, by latency model: apart from the models, because only runs that record details ask.
import type { BatchShape, LatencyParts } from "../engine/contracts.ts";
import { withDefaults } from "../engine/params.ts";
import type { Params, Values } from "../engine/params.ts";
import { latencyById } from "./index.ts";
import { coefficientsOf, type params as linearParams } from "./linear.ts";
import { openOf } from "./named-profile.ts";
import { overheadsOf, type params as tableParams } from "./operator-table.ts";
import { type params as rooflineParams, prefillAttention, roof, stageCosts, touchedShares } from "./roofline.ts";
import type { LatencyContext, Shard } from "./types.ts";

function linear(values: Values<typeof linearParams>, { pipelineParallel }: Shard): LatencyParts {
  const { perToken, perRequest, perContext, fixed } = coefficientsOf(values);
  return {
    names: ["Tokens", "Requests", "Context", "Every iteration"],
    of: (shape, _stage, into) => {
      into[0] = (perToken / pipelineParallel) * (shape.prefillTokens + shape.decodeRequests);
      into[1] = (perRequest / pipelineParallel) * (shape.prefillRequests + shape.decodeRequests);
      into[2] = (perContext / pipelineParallel) * (shape.decodeContext + shape.prefillContext);
      into[3] = fixed / pipelineParallel;
    },
  };
}

function roofline(values: Values<typeof rooflineParams>, shard: Shard): LatencyParts {
  const stages = Array.from({ length: shard.pipelineParallel }, (_, stage) => stageCosts(values, shard, stage));
  // What links take is what is left when the host, kernels and memory take no time.
  const links = stages.map((_, stage) =>
    stageCosts({ ...values, iterationOverhead: 0, layerScale: 0, memoryScale: Infinity }, shard, stage),
  );
  const host = values.iterationOverhead * 1e-6;
  const { moe, slidingWindow } = shard.model;
  const touched = moe === null ? new Float64Array(0) : touchedShares(moe.experts, moe.expertsPerToken);
  const window = slidingWindow === null ? Infinity : slidingWindow.tokens;
  const of = (shape: BatchShape, stage: number, into: Float64Array): void => {
    const s = stages[stage]!;
    const link = links[stage]!;
    const requests = shape.prefillRequests + shape.decodeRequests;
    const tokens = shape.prefillTokens + shape.decodeRequests;
    const share = tokens < touched.length ? touched[tokens]! : 1;
    const inWindow = s.contextLocal === 0 ? 0 : Math.min(shape.decodeContext, shape.decodeRequests * window);
    const mixed = shape.prefillTokens === 0 ? 0 : s.mixedContext * shape.decodeContext;
    into[0] = host + requests * s.perRequest;
    into[1] = Math.max(0, s.fixed - host - link.fixed);
    into[2] = roof(tokens * s.densePerToken, s.denseWeights);
    into[3] = roof(tokens * s.expertPerToken, share * s.expertWeights);
    into[4] = roof(requests * s.headPerRow, s.headWeights);
    into[5] = tokens * (s.perToken - link.perToken);
    into[6] = link.fixed + tokens * link.perToken;
    into[7] = s.contextGlobal * shape.decodeContext + s.contextLocal * inWindow + mixed;
    into[8] = shape.prefillTokens === 0 ? 0 : prefillAttention(s, shape, window);
    if (shape.prefillTokens === 0 || s.promptFloor === 0) return;
    // What the GPU waits for launches.
    let busy = 0;
    for (let part = 0; part <= 8; part++) busy += into[part]!;
    into[0] += Math.max(0, s.promptFloor + requests * s.perRequest - busy);
  };
  return {
    names: [
      "Host",
      "Kernel start-up",
      "Matrix products",
      "Routed experts",
      "Output head",
      "Norms, rotary, activation",
      "Links",
      "Decode attention",
      "Prefill attention",
    ],
    of,
  };
}

/** Null while the profile is not at hand. */
const operatorTable = (values: Values<typeof tableParams>, shard: Shard, context?: LatencyContext): LatencyParts | null =>
  (context && openOf(values, context)?.parts?.(shard, overheadsOf(values), context.blockSize)) ?? null;

/** By the id of the model; a model that is not here does not know its parts. */
const known: Readonly<Record<string, (values: never, shard: Shard, context?: LatencyContext) => LatencyParts | null>> = {
  linear,
  roofline,
  "operator-table": operatorTable,
};

/** Null where the model does not know. */
export function partsOf(
  { id, params = {} }: { readonly id: string; readonly params?: Readonly<Record<string, unknown>> },
  shard: Shard,
  context?: LatencyContext,
): LatencyParts | null {
  const values = withDefaults(latencyById(id).params, params) as Values<Params>;
  return known[id]?.(values as never, shard, context) ?? null;
}
