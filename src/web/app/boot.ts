// What happens on load: the recorded run is drawn, the address is read, the live run starts.
import { useScenarioStore } from "../state/scenario-store.ts";
import { followScenario, startRun } from "../rpc/run-control.ts";
import { openLink } from "../commands/scenario-actions.ts";
import { loadKeptTraces } from "../commands/trace-actions.ts";

export async function boot(): Promise<void> {
  const linked = await openLink(location.hash);
  if (linked !== null) useScenarioStore.setState(useScenarioStore.getInitialState());
  if (linked !== null) useScenarioStore.getState().replace(linked);
  followScenario();
  void loadKeptTraces();
  const { scenario } = useScenarioStore.getState();
  await startRun(scenario, 0);
}
