// Descriptors of the scenario's own fields: those that no policy brings along. Limits agree with src/scenario/schema.ts, which has the last word.
import { choice, flag, integer, number, type ChoiceParam, type NumberParam } from "../../../engine/params.ts";
import type { Described } from "../../../scenario/registries.ts";

export const seed = integer(
  1,
  "Seed of all randomness. The same seed gives the same run, byte for byte; another one gives other traffic of the same kind.",
  { label: "Seed", min: 0, max: 2 ** 31 - 1 },
);

const scaled = (label: string, help: string): NumberParam =>
  number(1, help, { label, min: 0.1, max: 10, step: 0.05, unit: "×", scale: "log" });
export const rateScale = scaled("Rate", "Multiplies the arrival rate. The time of a trace is compressed.");
export const promptScale = scaled("Prompt length", "Multiplies prompt lengths.");
export const outputScale = scaled("Output length", "Multiplies output lengths.");
export const maxSeconds = number(600, "Arrivals end after this simulated time.", {
  label: "Ends after",
  min: 1,
  max: 1e8,
  step: 60,
  unit: "s",
});
export const maxRequests = integer(10_000, "Arrivals end after this many requests.", { label: "Requests", min: 1, max: 1e9 });
export const traceFrom = number(0, "Start of the window, seconds of the trace.", { label: "From", min: 0, max: 1e9, unit: "s" });
export const traceTo = number(600, "End of the window, seconds of the trace.", { label: "To", min: 0, max: 1e9, unit: "s" });
export const traceLoop = flag(false, "Start the trace again at its end, until one of the limits is reached.", {
  label: "Loop",
  word: "again at the end",
});

export const replicas = integer(4, "Replicas at the start of the run.", { label: "Replicas", min: 0, max: 64 });
export const tensorParallel = integer(1, "GPUs that share every layer. It must divide the attention heads of the model.", {
  label: "Tensor par.",
  min: 1,
  max: 16,
});
export const pipelineParallel = integer(1, "Stages that hold the layers in turn; a replica has tensor x pipeline GPUs.", {
  label: "Pipeline",
  min: 1,
  max: 16,
});
export const price = number(2, "Your price in US dollars per GPU and hour. Empty: the catalog's.", {
  label: "Price",
  min: 0,
  max: 10_000,
  step: 0.1,
  unit: "$/h",
});
export const gpusPerNode = integer(
  8,
  "GPUs are rented in whole nodes of this many, for all replicas of the pool together. Empty: one by one.",
  {
    label: "Node of",
    min: 1,
    max: 64,
    unit: "GPUs",
  },
);
export const paidFrom = choice(
  "order",
  { order: "order", ready: "ready" },
  "When the meter of a replica starts: with the order to start it, or when it is ready.",
  "Paid from",
);
export const minReplicas = integer(1, "Fewest replicas that the autoscaler may order.", {
  label: "At least",
  min: 1,
  max: 1024,
  scale: "log",
});
export const maxReplicas = integer(
  64,
  "Most replicas that the autoscaler may order; a pool that starts with more keeps that as its limit.",
  {
    label: "At most",
    min: 1,
    max: 1024,
    scale: "log",
  },
);
export const startupSeconds = number(
  120,
  "From the order to start a replica until it serves: machine, container, weights. Without the weights where they are loaded at a bandwidth of their own.",
  { label: "Start delay", min: 0, max: 3600, step: 5, unit: "s" },
);
export const loadGbytesPerS = number(
  5,
  "Bandwidth at which a replica loads its weights, 1e9 bytes per second; it comes on top of the start delay. Empty: the delay is all.",
  { label: "Load weights", min: 0.001, max: 100_000, unit: "GB/s", scale: "log" },
);
export const scaleDownSeconds = number(0, "From the order to stop a replica until it takes no more requests.", {
  label: "Stop delay",
  min: 0,
  max: 3600,
  step: 5,
  unit: "s",
});
export const memoryUtilisation = number(0.9, "Share of GPU memory that the engine may use for weights, working memory and KV cache.", {
  label: "Memory use",
  min: 0.1,
  max: 1,
  step: 0.01,
});
export const blockSize = integer(16, "Tokens in a KV block.", { label: "Block size", min: 1, max: 1024, unit: "tok" });
export const prefixCaching = flag(
  false,
  "Requests whose prompts begin alike share KV blocks. Needs traffic with content, and a scheduler that can.",
  {
    label: "Prefix cache",
    word: "share",
  },
);
export const kvBlocks = integer(
  1000,
  "KV blocks of a replica. Empty: computed from memory, weights and sharding, as below. It decides how a full card behaves, so take the number that your engine prints at its start where you have it.",
  {
    label: "KV blocks",
    min: 1,
    max: 1e9,
  },
);
export const role = choice(
  "mixed",
  { mixed: "mixed", prefill: "prefill", decode: "decode" },
  "Mixed replicas serve whole requests. A prefill pool hands the KV cache over to a decode pool.",
  "Role",
);

export const loadStaleness = number(0, "Age of the load that the router sees: it looks again after this time. 0 is live.", {
  label: "Load age",
  min: 0,
  max: 30,
  step: 0.5,
  unit: "s",
});

export const ttft = number(2, "Time to first token: from the arrival to the first token.", {
  label: "TTFT within",
  min: 0.01,
  max: 60,
  step: 0.01,
  unit: "s",
  scale: "log",
});
export const tpot = number(0.1, "Mean time per output token after the first.", {
  label: "TPOT within",
  min: 0.001,
  max: 2,
  step: 0.001,
  unit: "s",
  scale: "log",
});
export const e2e = number(60, "From the arrival to the last token.", {
  label: "E2E within",
  min: 0.1,
  max: 3600,
  step: 0.1,
  unit: "s",
  scale: "log",
});
export const share = number(1, "Share of the requests; the shares of all tenants are normalised. A trace that has tenants keeps them.", {
  label: "Share",
  min: 0,
  max: 1,
  step: 0.05,
});
export const weight = number(1, "Weight for schedulers that share out service between tenants.", {
  label: "Weight",
  min: 0.1,
  max: 10,
  step: 0.1,
  scale: "log",
});

export const faultAt = number(60, "Simulated time of the fault.", { label: "At", min: 0, max: 1e8, step: 10, unit: "s" });
export const faultKind = choice(
  "crash",
  { crash: "crash", reclaim: "reclaim" },
  "A crash loses the replica and all it holds at once; its requests go back to the router. A reclaimed replica drains.",
  "Kind",
);
export const faultReplica = integer(1, "Number of the replica in its pool, as in its name.", { label: "Replica", min: 1, max: 10_000 });
export const replaceAfter = number(
  60,
  "A replacement is ordered this long after the fault, and then takes the start delay. Empty: never.",
  { label: "Back after", min: 0, max: 1e8, step: 10, unit: "s" },
);

/** The choice of one entry of a registry, or of a list of names. */
export const choiceOf = (
  label: string,
  help: string,
  entries: readonly { readonly id: string; readonly label: string }[],
): ChoiceParam => ({
  kind: "choice",
  label,
  help,
  default: entries[0]?.id ?? "",
  options: entries.map(({ id, label: name }) => ({ id, label: name })),
});

export const policyChoice = (label: string, registry: readonly Described[], chosen: string): ChoiceParam =>
  choiceOf(label, registry.find((entry) => entry.id === chosen)?.help ?? "", registry);
