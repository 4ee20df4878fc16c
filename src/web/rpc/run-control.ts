// Starts, restarts, pauses and compares runs: the one place that talks to the simulation worker.
import type { FleetEvent, RequestLog, ScalingDecision } from "../../engine/metrics/results.ts";
import { crossCheck } from "../../scenario/cross-check.ts";
import { profilesOf } from "../../scenario/profile-refs.ts";
import type { NamedProfile } from "../../scenario/profiles.ts";
import type { Scenario } from "../../scenario/types.ts";
import { runData, setGhost, setGhostPicture, setHandle, showPicture, touchRun, useRunStore } from "../state/run-store.ts";
import { useScenarioStore } from "../state/scenario-store.ts";
import { useTraceStore } from "../state/trace-store.ts";
import { useViewStore } from "../state/view-store.ts";
import { afterTurns } from "../ui/turns.ts";
import { describeChanges } from "../state/changes.ts";
import { cores } from "./cores.ts";
import { connectSimulation, proxy, type Connection } from "./client.ts";
import type { FleetNews, PictureMessage, SimulationHost, Speed } from "./protocol.ts";

/** Changes that follow one another within this time start one run. */
const SETTLE_MS = 90;

let connection: Connection<SimulationHost> | null = null;
/** Hash of the trace that the worker already has. */
let traceInWorker: string | null = null;
/** Hashes of the profiles that it has. */
let profilesInWorker: readonly string[] = [];
let runId = 0;
/** The run whose pictures are on the page, and the one that is pinned. */
let shownRun = 0;
/** What the ghost was before: the last step that can be undone. All runs of one drag are compared with the run before the drag. */
let ghostStep: Scenario | undefined;
let pinnedRun = 0;
/** Where the run was to catch up to: a change while it still does keeps the playhead's place. */
let catchUpTo = 0;
let settle: ReturnType<typeof setTimeout> | undefined;

function worker(): Connection<SimulationHost> {
  connection ??= connectSimulation((why) => {
    connection = null;
    traceInWorker = null;
    profilesInWorker = [];
    setHandle({
      phase: "failed",
      error: `The simulation stopped: ${why}. The last picture stays. Change something, or press Run to start again.`,
    });
    touchRun(true);
  });
  return connection;
}

/** A new scenario is watched from here on: late enough that the fleet is busy, early enough that something comes. */
const WATCH_SHARE = 0.73;
export const watchedFrom = (scenario: Scenario): number => WATCH_SHARE * (scenario.traffic.maxSeconds ?? 0);

const fail = (error: string): void => {
  setHandle({ phase: "failed", error, catchUp: null });
  touchRun(true);
};

/** What the pinned run has that this one has not. */
function labelPinned(scenario: Scenario): void {
  const { pinned, ghostScenario } = useRunStore.getState();
  if (pinned && ghostScenario !== null)
    useRunStore.setState({ ghostLabel: `pinned: ${describeChanges(ghostScenario, scenario) || ghostScenario.name}` });
}

/** A finished run needs no recording of itself beside it. */
function dropOwnGhost(scenario: Scenario): void {
  const { ghostScenario, pinned } = useRunStore.getState();
  if (!pinned && ghostScenario !== null && describeChanges(ghostScenario, scenario, 1) === "") setGhost(null, null, "before", "");
}

/** A file that the scenario names is not in the browser's database. */
function failMissing(what: string, { file, hash }: { readonly file: string; readonly hash: string }): void {
  useTraceStore.setState({ missing: { file, hash } });
  fail(`This scenario ${what} ${file}, which is not on this machine. Drop that file anywhere on the page; what is drawn stays until then.`);
}

/** Seconds of simulated time to run at full speed before going on at the chosen speed. */
export async function startRun(scenario: Scenario, skipTo: number, paused = false): Promise<void> {
  const id = ++runId;
  catchUpTo = Number.isFinite(skipTo) ? skipTo : 0;
  const { source } = scenario.traffic;
  const hash = source.kind === "trace" ? source.hash : null;
  let trace = null;
  if (source.kind === "trace" && hash !== traceInWorker) {
    trace = await (await import("../state/trace-database.ts")).findTrace(source.hash);
    if (id !== runId) return;
    if (trace === null) return failMissing("runs the trace", source);
  }
  const named = profilesOf(scenario);
  const wanted = named.filter((ref) => !profilesInWorker.includes(ref.hash));
  let profiles: readonly NamedProfile[] = [];
  if (wanted.length > 0) {
    const found = await (await import("../state/profile-database.ts")).findProfiles(wanted);
    if (id !== runId) return;
    if ("hash" in found) return failMissing("takes its times from the profile", found);
    profiles = found;
  }
  useTraceStore.setState({ missing: null });
  labelPinned(scenario);
  const { host } = worker();
  setHandle({ id, scenario, error: null, phase: paused ? "paused" : "running", catchUp: null });
  let first = true;
  let events: readonly FleetEvent[] = [];
  let decisions: readonly ScalingDecision[] = [];
  const begin = (): void => {
    if (!first) return;
    first = false;
    runData.requests.clear();
    runData.requests.reserve(scenario.traffic.maxRequests ?? 0);
  };
  const listener = proxy({
    async onPicture(message: PictureMessage): Promise<void> {
      if (id !== runId) return;
      begin();
      const picture = { ...message, events, decisions };
      if (picture.progress.total > 0) runData.requests.reserve(picture.progress.total);
      shownRun = id;
      showPicture(picture);
      if (picture.progress.phase !== "finished") return afterTurns();
      if (pinnedRun === id) setGhostPicture(picture);
      dropOwnGhost(scenario);
    },
    onFleet(news: FleetNews): void {
      // New arrays: a picture never changes once it is here.
      events = [...events, ...news.events];
      decisions = [...decisions, ...news.decisions];
    },
    onRequests(chunk: RequestLog): void {
      if (id !== runId) return;
      begin();
      runData.requests.append(chunk);
    },
    onCatchUp(share: number): void {
      if (id === runId) setHandle({ catchUp: share < 1 ? share : null });
    },
    onError(text: string): void {
      if (id === runId) fail(text);
    },
  });
  try {
    const { speed } = useRunStore.getState().current;
    profilesInWorker = named.map((ref) => ref.hash);
    await host.start(scenario, trace, { speed, skipTo, keepRequests: true, paused, sharesCore: cores() <= 2, profiles }, listener);
    traceInWorker = hash;
  } catch (error) {
    profilesInWorker = [];
    if (id === runId) fail(`This scenario cannot run: ${error instanceof Error ? error.message : String(error)} The last run stays.`);
  }
}

/** Another preset, file or trace: its time axis has nothing to do with the one before. */
function isAnother(before: Scenario, after: Scenario): boolean {
  const origin = ({ traffic: { source } }: Scenario): string =>
    source.kind === "preset" ? source.id : source.kind === "trace" ? source.hash : source.kind;
  return before.name !== after.name || origin(before) !== origin(after);
}

/** The present run goes on to its end beside the next one: the ghost shows what would have come. */
async function keepAsGhost(): Promise<void> {
  if (connection === null) return;
  const { ghostScenario } = useRunStore.getState();
  const whole = await connection.host.setAside().catch(() => null);
  if (whole !== null && useRunStore.getState().ghostScenario === ghostScenario) setGhostPicture(whole);
}

/** No run is compared with the next ones. */
function dropGhost(): void {
  setGhost(null, null, "before", "");
  void connection?.host.forgetAside().catch(() => undefined);
}

/** What the present run leaves behind as the ghost: nothing to compare with in another scenario, and a run that was never drawn is none. */
function leaveGhost(scenario: Scenario, another: boolean): void {
  const { current, pinned, ghostScenario, ghostWord } = useRunStore.getState();
  const step = useScenarioStore.getState().history.past.at(-1);
  const sameStep = step !== undefined && step === ghostStep && ghostWord === "before";
  if (pinned) {
    if (pinnedRun === current.id) void keepAsGhost();
  } else if (another) dropGhost();
  else if (ghostScenario !== null && (sameStep || shownRun !== current.id)) {
    const changes = describeChanges(ghostScenario, scenario);
    // Back to the run that is the ghost: it shows what is to come.
    if (changes === "") setGhost(runData.ghost, ghostScenario, "whole run", "this run to its end");
    else setGhost(runData.ghost, ghostScenario, "before", `before: ${changes}`);
  } else if (runData.picture !== null && current.scenario !== null && current.phase !== "failed") {
    // The recorded end of the same run is there at once; the run itself follows.
    const whole = ghostWord === "whole run" && runData.ghost !== null ? runData.ghost : runData.picture;
    ghostStep = step;
    setGhost(whole, current.scenario, "before", `before: ${describeChanges(current.scenario, scenario)}`);
    void keepAsGhost();
  }
}

/** Runs the scenario as it is now, up to where the playhead is; the run so far becomes the ghost, unless one is pinned. */
function rerun(scenario: Scenario): void {
  const [problem] = crossCheck(scenario);
  if (problem !== undefined) {
    setHandle({ error: `${problem} The last run stays.` });
    return;
  }
  const { current } = useRunStore.getState();
  const another = current.scenario === null || isAnother(current.scenario, scenario);
  leaveGhost(scenario, another);
  if (another) useViewStore.setState({ cursor: null, cursorPinned: false, range: null, zoom: null, selectedReplica: null });
  useViewStore.setState({ selectedRequest: null });
  // The recorded run is looked at where the live one, which was about to begin, is watched from.
  const fresh = another || current.phase === "recorded";
  const until = fresh ? watchedFrom(scenario) : current.phase === "finished" ? Infinity : Math.max(current.simTime, catchUpTo);
  void startRun(scenario, until, !another && current.phase === "paused");
}

/** Follows the scenario store from now on. Returns how to stop. */
export function followScenario(): () => void {
  return useScenarioStore.subscribe((now, before) => {
    if (now.scenario === before.scenario) return;
    clearTimeout(settle);
    settle = setTimeout(() => {
      const { scenario } = useScenarioStore.getState();
      const ran = useRunStore.getState().current.scenario;
      if (ran === null || describeChanges(ran, scenario, 1) !== "") rerun(scenario);
    }, SETTLE_MS);
  });
}

/** Runs the present scenario from its beginning. */
export function restart(): void {
  const { scenario } = useScenarioStore.getState();
  void startRun(scenario, watchedFrom(scenario));
}

export async function togglePause(): Promise<void> {
  const { current } = useRunStore.getState();
  const { scenario } = useScenarioStore.getState();
  if (current.phase === "running") await worker().host.pause();
  else if (current.phase === "paused" && current.scenario !== null && connection !== null) {
    setHandle({ phase: "running" });
    await worker().host.resume();
  } else await startRun(scenario, 0);
}

export async function stepEvent(): Promise<void> {
  const { current } = useRunStore.getState();
  if (connection === null || current.phase === "finished" || current.phase === "failed" || current.phase === "recorded") {
    await startRun(useScenarioStore.getState().scenario, 0, true);
  }
  await worker().host.step();
}

export async function cancelRun(): Promise<void> {
  if (useRunStore.getState().current.phase !== "running") return;
  setHandle({ phase: "cancelled" });
  await worker().host.cancel();
}

export async function setSpeed(speed: Speed): Promise<void> {
  setHandle({ speed });
  if (connection !== null) await connection.host.setSpeed(speed);
}

/** Keeps this run as the one that others are compared with. */
export function pinRun(): void {
  const { current } = useRunStore.getState();
  if (runData.picture === null || current.scenario === null) return;
  pinnedRun = current.id;
  void connection?.host.forgetAside().catch(() => undefined);
  setGhost(runData.picture, current.scenario, "pinned", `pinned: ${current.scenario.name}`);
  useScenarioStore.getState().setBaseline(current.scenario);
}

export function unpinRun(): void {
  pinnedRun = 0;
  dropGhost();
  useScenarioStore.getState().setBaseline(null);
}

/** The host's answers to questions about the present run; null while there is none. */
export const runHost = (): Connection<SimulationHost>["host"] | null => connection?.host ?? null;
