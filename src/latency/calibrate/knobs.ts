// What of the roofline is fitted to serving runs: efficiencies within the physical peak, and the time of the host.
import { efficiencyOf } from "../efficiency.ts";
import type { Shard } from "../types.ts";
import { OUTSIDE } from "./types.ts";
import type { Knob } from "./types.ts";

/** Efficiencies were measured on single kernels of the same architecture: docs/fidelity.md finds them within 7 to 20 % of whole batches. */
const MEASURED = 0.15;
/** Those that come from another architecture. */
const BORROWED = 0.4;
/** Host time differs by engine and version from 0.4 to 25 ms per iteration (docs/fidelity.md): hardly known beforehand. With their offsets a spread of 1 reaches 5 ms. */
const HOST = 1;

const LEAST_SCALE = 0.1;
const MOST_SCALE = 2;

/** Knobs for a shard, by id as `roofline` has its parameters. `start` gives values of the scenario where they differ from the defaults. */
export function rooflineKnobs(shard: Shard, start: Readonly<Record<string, number>> = {}): readonly Knob[] {
  const reach = efficiencyOf(shard.gpu);
  const spread = reach.source.startsWith("not measured") ? BORROWED : MEASURED;
  // No kernel does better than the peak.
  const scale = (id: string, label: string, share: number): Knob => ({
    id,
    label,
    unit: "x",
    low: LEAST_SCALE,
    high: Math.min(MOST_SCALE, 1 / share),
    initial: start[id] ?? 1,
    offset: 0,
    spread,
  });
  return [
    scale("computeScale", "Compute efficiency", reach.compute),
    scale("memoryScale", "Memory efficiency", reach.memory),
    scale("attentionScale", "Prefill attention efficiency", reach.attention),
    scale("kvScale", "KV cache read efficiency", reach.kv),
    ...(shard.tensorParallel > 1
      ? [
          { ...scale("linkScale", "Link efficiency", reach.link), spread: HOST / 2 },
          {
            id: "linkLatency",
            label: "Start of an all-reduce",
            unit: "us",
            low: 1,
            high: 1000,
            initial: start["linkLatency"] ?? 5,
            offset: 10,
            spread: HOST / 2,
          },
        ]
      : []),
    { ...scale("layerScale", "Kernel start-up", 0.5), spread: 0.4 },
    {
      id: "iterationOverhead",
      label: "Overhead of an iteration",
      unit: "us",
      low: 10,
      high: 100_000,
      initial: start["iterationOverhead"] ?? 450,
      offset: 2000,
      spread: HOST,
    },
    {
      id: "requestOverhead",
      label: "Overhead of a request in a batch",
      unit: "us",
      low: 0.5,
      high: 10_000,
      initial: start["requestOverhead"] ?? 8,
      offset: 20,
      spread: HOST,
    },
    { id: OUTSIDE, label: "Outside the engine", unit: "ms", low: 0.1, high: 1000, initial: 3, offset: 5, spread: HOST },
  ].map((knob) => ({ ...knob, initial: Math.min(knob.high, Math.max(knob.low, knob.initial)) }));
}
