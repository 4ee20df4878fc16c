// The presets, in the order in which they are offered. The first one is what the page opens with.
import { registry } from "../../engine/registry.ts";
import { closedLoopTest } from "./closed-loop-test.ts";
import { codeCompletion } from "./code-completion.ts";
import { defaultPreset } from "./default.ts";
import { inferlineLab } from "./inferline-lab.ts";
import { largeFleet } from "./large-fleet.ts";
import { memoryPressure } from "./memory-pressure.ts";
import { onOffQueueLimit } from "./on-off-queue-limit.ts";
import { oneGpuQueue } from "./one-gpu-queue.ts";
import { prefillStalls } from "./prefill-stalls.ts";
import { prefixRouting } from "./prefix-routing.ts";
import type { Preset } from "./preset.ts";
import { serviceLevels } from "./service-levels.ts";
import { skewedRouting } from "./skewed-routing.ts";
import { vtcPresets } from "./vtc.ts";

export type { Preset };

export const presets: readonly Preset[] = registry("preset", [
  defaultPreset,
  oneGpuQueue,
  codeCompletion,
  onOffQueueLimit,
  closedLoopTest,
  memoryPressure,
  largeFleet,
  prefillStalls,
  skewedRouting,
  prefixRouting,
  inferlineLab,
  serviceLevels,
  ...vtcPresets,
]);
