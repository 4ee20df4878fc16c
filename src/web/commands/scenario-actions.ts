// Scenarios in and out: presets, files, links. Whatever comes from outside passes the schema, which is loaded only then.
import type { Scenario } from "../../scenario/types.ts";
import { tell } from "../state/dialog-store.ts";
import { useScenarioStore } from "../state/scenario-store.ts";
import { SCREENS, useViewStore, type Screen, type ViewState } from "../state/view-store.ts";
import { download, fileName } from "../ui/chart/download.ts";

/** It replaces the scenario on the page: a new history begins. */
export const showScenario = (scenario: Scenario): void => {
  tell(null);
  useScenarioStore.getState().replace(scenario);
};

const screenOf = (hash: string): Screen => SCREENS.find((screen) => hash.split("&")[0] === `#${screen}`) ?? "workbench";

/** Follows the address, unless it holds a scenario: that says its screen itself. */
export function followScreen(): void {
  if (!location.hash.startsWith("#s=")) useViewStore.setState({ screen: screenOf(location.hash) });
}

/** Another screen: the way back leads here, except from a link, which would open its scenario again. */
export function openScreen(screen: Screen): void {
  const address = `#${screen}`;
  if (location.hash.startsWith("#s=")) history.replaceState(null, "", address);
  else if (location.hash !== address) history.pushState(null, "", address);
  useViewStore.setState({ screen });
}

/** The part of the view that travels in a link. */
const SHARED_VIEW = [
  "screen",
  "sweep",
  "questions",
  "cursor",
  "cursorPinned",
  "range",
  "zoom",
  "fleetMode",
  "fleetSort",
  "foldedTracks",
  "trackOrder",
  "openSections",
] as const;

function sharedView(): Record<string, unknown> {
  const view = useViewStore.getState();
  const kept = SHARED_VIEW.filter((key) =>
    key === "cursor" ? view.cursorPinned : (key !== "sweep" && key !== "questions") || view[key] !== null,
  );
  return Object.fromEntries(kept.map((key) => [key, view[key]]));
}

/** Takes from a link only what has the shape of a view; anything else is left out, never an error. */
export function viewFrom(raw: Readonly<Record<string, unknown>>): Partial<ViewState> {
  const time = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value) && value >= 0;
  const span = (value: unknown): value is [number, number] =>
    Array.isArray(value) && value.length === 2 && value.every(time) && Number(value[0]) < Number(value[1]);
  // What it holds is checked where it is used.
  const form = (value: unknown): value is object => typeof value === "object" && value !== null && !Array.isArray(value);
  const names = (value: unknown): value is string[] =>
    Array.isArray(value) && value.length < 100 && value.every((item) => typeof item === "string");
  const fits: Partial<Record<(typeof SHARED_VIEW)[number], (value: unknown) => boolean>> = {
    screen: (value) => (SCREENS as readonly unknown[]).includes(value),
    sweep: form,
    questions: form,
    cursor: time,
    cursorPinned: (value) => typeof value === "boolean",
    range: span,
    zoom: span,
    fleetMode: (value) => value === "cells" || value === "strip" || value === "auto",
    fleetSort: (value) => value === "id" || value === "load",
    foldedTracks: names,
    trackOrder: names,
    openSections: names,
  };
  return Object.fromEntries(
    SHARED_VIEW.filter((key) => fits[key]?.(raw[key]) === true).map((key) => [key, raw[key]]),
  ) as Partial<ViewState>;
}

/** The address that opens this scenario and view. */
export async function shareLink(): Promise<string> {
  const { encodeLink } = await import("../../scenario/link.ts");
  const { scenario } = useScenarioStore.getState();
  const link = await encodeLink(scenario, sharedView());
  const named = scenario.pools.some(({ latency }) => latency.id === "fitted");
  const models = named ? await (await import("./link-model-actions.ts")).modelsFor(scenario) : "";
  return `${location.href.split("#")[0]}${link}${models}`;
}

/** Opens the link in the address, if there is one. The scenario on the page stays when it cannot be read. */
export async function openLink(hash: string): Promise<Scenario | null> {
  if (!hash.includes("s=")) return null;
  const { decodeLink } = await import("../../scenario/link.ts");
  const outcome = await decodeLink(hash);
  if (!outcome.ok) {
    tell({
      kind: "error",
      title: "The link was not opened.",
      text: `${outcome.errors[0] ?? ""} The scenario on this page stays as it is.`,
    });
    return null;
  }
  if (hash.includes("&m=")) await (await import("./link-model-actions.ts")).keepModelsOf(hash, outcome.scenario);
  if (outcome.view !== null) useViewStore.setState(viewFrom(outcome.view));
  return outcome.scenario;
}

export function exportScenario(): void {
  const { scenario } = useScenarioStore.getState();
  download(fileName(scenario.name, "json"), `${JSON.stringify(scenario, null, 2)}\n`, "application/json");
}

export async function importScenario(file: File): Promise<void> {
  const { parseScenario } = await import("../../scenario/schema.ts");
  let raw: unknown;
  try {
    raw = JSON.parse(await file.text());
  } catch {
    tell({
      kind: "error",
      title: `${file.name} is not JSON.`,
      text: "Give a scenario as it is exported here. The scenario on this page stays as it is.",
    });
    return;
  }
  const parsed = parseScenario(raw);
  if (parsed.ok) showScenario(parsed.scenario);
  else {
    const more = parsed.errors.length > 1 ? ` (and ${parsed.errors.length - 1} more)` : "";
    tell({
      kind: "error",
      title: `${file.name} is not a scenario that can run.`,
      text: `${parsed.errors[0] ?? ""}${more} The scenario on this page stays as it is.`,
    });
  }
}
