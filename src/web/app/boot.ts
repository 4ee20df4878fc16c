// What happens on load: the recorded run is drawn, the address is read, the live run starts.
import { flushSync } from "react-dom";
import type { Scenario } from "../../scenario/types.ts";
import { followScreen, openLink } from "../commands/scenario-actions.ts";
import { loadKeptTraces } from "../commands/files.ts";
import type { RunPicture } from "../rpc/protocol.ts";
import { loadRecordedRun } from "../rpc/recorded.ts";
import { followScenario, startRun, watchedFrom } from "../rpc/run-control.ts";
import { describeChanges } from "../state/changes.ts";
import { runData, setGhost, setHandle, showPicture, useRunStore } from "../state/run-store.ts";
import { startWith, useScenarioStore } from "../state/scenario-store.ts";
import { useViewStore } from "../state/view-store.ts";
import { afterFrame, takeTurn } from "../ui/turns.ts";

async function drawRecordedRun(): Promise<void> {
  const picture = await loadRecordedRun(`${import.meta.env.BASE_URL}recorded-run.bin`);
  if (picture === null || runData.picture !== null) return;
  const { scenario } = useScenarioStore.getState();
  const { simTime, simEnd } = picture.progress;
  setHandle({ phase: "recorded", scenario, simTime, simEnd });
  lookWhereItGoesOn(picture, watchedFrom(scenario));
  showPicture(picture);
}

/** At its end a fleet stands empty: the recorded run is looked at where the live one will go on, until that is there. */
function lookWhereItGoesOn(recorded: RunPicture, cursor: number): void {
  useViewStore.setState({ cursor });
  const stop = useRunStore.subscribe(() => {
    if (runData.picture === recorded || runData.picture === null) return;
    stop();
    const view = useViewStore.getState();
    if (view.cursor === cursor && !view.cursorPinned) view.hover(null);
  });
}

const LAST_KEY = "goodput.scenario";

function remember(scenario: Scenario): void {
  try {
    sessionStorage.setItem(LAST_KEY, JSON.stringify(scenario));
  } catch {
    // Closed or full storage: a reload then starts with the preset.
  }
}

/** A reload goes on with the scenario of this tab. */
function rememberScenario(): void {
  // A link's, too: the address may name another screen by then.
  remember(useScenarioStore.getState().scenario);
  useScenarioStore.subscribe(({ scenario }, before) => {
    if (scenario === before.scenario) return;
    // The address names another scenario from now on: a reload must not bring that one back.
    if (location.hash.startsWith("#s=")) {
      const { screen } = useViewStore.getState();
      history.replaceState(null, "", screen === "workbench" ? `${location.pathname}${location.search}` : `#${screen}`);
    }
    remember(scenario);
  });
}

/** What was stored passes the schema like anything from outside: it may be from an earlier build. */
async function lastScenario(): Promise<Scenario | null> {
  try {
    const stored = sessionStorage.getItem(LAST_KEY);
    if (stored === null) return null;
    const { parseScenario } = await import("../../scenario/schema.ts");
    const parsed = parseScenario(JSON.parse(stored));
    return parsed.ok && describeChanges(parsed.scenario, useScenarioStore.getState().scenario, 1) !== "" ? parsed.scenario : null;
  } catch {
    return null;
  }
}

/** A link followed while the page is open, or the way back to another screen. */
function followAddress(): void {
  addEventListener("hashchange", () => {
    followScreen();
    void openLink(location.hash).then((scenario) => {
      if (scenario !== null) useScenarioStore.getState().replace(scenario);
    });
  });
}

/** The first picture may keep the first paint waiting for this long; it is 15 KB, asked for before any script. */
const FIRST_PICTURE_MS = 300;

/** What the first paint shows: the scenario of a link or of this tab, or the recorded run. */
async function firstPicture(): Promise<void> {
  const linked = (await openLink(location.hash)) ?? (await lastScenario());
  if (linked === null) await drawRecordedRun();
  else startWith(linked);
}

/** Draws the page with `render`, then what stands around the sentence when that has been seen, and starts the live run. */
export async function boot(render: () => void): Promise<void> {
  followScreen();
  const first = firstPicture();
  await Promise.race([first, new Promise((resolve) => setTimeout(resolve, FIRST_PICTURE_MS))]).finally(render);
  await first;
  followScenario();
  rememberScenario();
  followAddress();
  void loadKeptTraces();
  // The recorded run is the same run to its end: it shows what is to come.
  if (runData.picture !== null)
    setGhost(runData.picture, useScenarioStore.getState().scenario, "whole run", "this run to its end, recorded");
  await new Promise<void>((resolve) => afterFrame(resolve));
  flushSync(() => useViewStore.setState({ opened: true }));
  // The live run would compete with the panels, whose script has come with the page.
  await import("../views/tracks/panel.tsx").catch(() => {});
  await new Promise<void>((resolve) => takeTurn(resolve));
  const { scenario } = useScenarioStore.getState();
  await startRun(scenario, watchedFrom(scenario));
}
