// The scenario being edited, with undo and redo. Whoever wants to run it subscribes; views never start runs themselves.
import { create } from "zustand";
import type { Scenario } from "../../scenario/types.ts";
import { closeGesture, record, redo, startHistory, undo, type History } from "./history.ts";
import { getIn, same, setIn, type Path } from "./paths.ts";
import { STARTING_SCENARIO } from "./starting-scenario.ts";

export interface ScenarioState {
  readonly history: History<Scenario>;
  readonly scenario: Scenario;
  /** The scenario of the pinned run: fields that differ from it are marked. Null = nothing is pinned. */
  readonly baseline: Scenario | null;
}

export interface ScenarioActions {
  /** Changes one value. Changes with the same gesture name are one undo step until endGesture. */
  set(path: Path, value: unknown, gesture?: string): void;
  /** Changes several things at once: one undo step. */
  change(edit: (scenario: Scenario) => Scenario): void;
  /** Another scenario altogether (preset, link, file): one undo step. */
  replace(scenario: Scenario): void;
  endGesture(): void;
  undo(): void;
  redo(): void;
  setBaseline(scenario: Scenario | null): void;
}

const shown = (history: History<Scenario>): Pick<ScenarioState, "history" | "scenario"> => ({ history, scenario: history.present });

export const useScenarioStore = create<ScenarioState & ScenarioActions>()((set, get) => ({
  ...shown(startHistory(STARTING_SCENARIO)),
  baseline: null,
  set: (path, value, gesture) => set(shown(record(get().history, setIn(get().scenario, path, value), gesture ?? null))),
  change: (edit) => set(shown(record(get().history, edit(get().scenario)))),
  replace: (scenario) => set(shown(record(get().history, scenario))),
  endGesture: () => set(shown(closeGesture(get().history))),
  undo: () => set(shown(undo(get().history))),
  redo: () => set(shown(redo(get().history))),
  setBaseline: (baseline) => set({ baseline }),
}));

/** What the value at this path was in the pinned run, when it differs from now; undefined otherwise. */
export function changedFrom(state: ScenarioState, path: Path): { readonly was: unknown } | undefined {
  if (state.baseline === null) return undefined;
  const was = getIn(state.baseline, path);
  return same(was, getIn(state.scenario, path)) ? undefined : { was };
}

/** Opens the page with this scenario: nothing to undo. */
export const startWith = (scenario: Scenario): void => useScenarioStore.setState(shown(startHistory(scenario)));
