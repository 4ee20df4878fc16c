// What the page opens with when nothing else is asked for: the one preset that the first load holds.
import { chatBurstCrash } from "./chat-burst-crash.ts";
import type { Preset } from "./preset.ts";

export const defaultPreset: Preset = chatBurstCrash;
