// What happens on load: the recorded run is drawn, the address is read, the live run starts.
import { openLink } from "../commands/scenario-actions.ts";
import { loadKeptTraces } from "../commands/trace-actions.ts";
import { loadRecordedRun } from "../rpc/recorded.ts";
import { followScenario, startRun, watchedFrom } from "../rpc/run-control.ts";
import { runData, setGhost, setHandle, showPicture } from "../state/run-store.ts";
import { startWith, useScenarioStore } from "../state/scenario-store.ts";

async function drawRecordedRun(): Promise<void> {
  const picture = await loadRecordedRun(`${import.meta.env.BASE_URL}recorded-run.bin`);
  if (picture === null || runData.picture !== null) return;
  const { scenario } = useScenarioStore.getState();
  const { simTime, simEnd } = picture.progress;
  setHandle({ phase: "recorded", scenario, simTime, simEnd });
  showPicture(picture);
}

/** A link followed while the page is open. */
function followAddress(): void {
  addEventListener("hashchange", () => {
    void openLink(location.hash).then((scenario) => {
      if (scenario !== null) useScenarioStore.getState().replace(scenario);
    });
  });
}

export async function boot(): Promise<void> {
  const linked = await openLink(location.hash);
  if (linked === null) await drawRecordedRun();
  else startWith(linked);
  followScenario();
  followAddress();
  void loadKeptTraces();
  const { scenario } = useScenarioStore.getState();
  // The recorded run is the same run to its end: it shows what is to come.
  if (runData.picture !== null) setGhost(runData.picture, scenario, "whole run", "this run to its end, recorded");
  await startRun(scenario, watchedFrom(scenario));
}
