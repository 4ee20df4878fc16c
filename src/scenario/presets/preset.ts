// A preset: a scenario worth opening and the one thing to look at.
import { complete } from "../complete.ts";
import type { ScenarioDraft } from "../complete.ts";
import type { Scenario } from "../types.ts";

export interface Preset {
  /** Never changes once released: command lines and lessons name it. */
  readonly id: string;
  /** One sentence: what to look at. */
  readonly lesson: string;
  readonly scenario: Scenario;
}

export const preset = (id: string, lesson: string, draft: ScenarioDraft): Preset => ({ id, lesson, scenario: complete(draft) });
