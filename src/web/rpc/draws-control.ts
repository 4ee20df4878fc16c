// Runs the scenario on the page with draws of its fitted models, in workers beside the live run. Loaded when they are asked for.
import { bandsOf } from "../../analysis/draw-bands.ts";
import { drawsReport } from "../../analysis/draw-intervals.ts";
import type { DrawnRun } from "../../scenario/draws.ts";
import { profilesOf } from "../../scenario/profile-refs.ts";
import type { Scenario } from "../../scenario/types.ts";
import { NO_DRAWS, useDrawsStore } from "../state/draws-store.ts";
import { overlayOf } from "../views/draws/overlay.ts";
import { findProfiles } from "../state/profile-database.ts";
import { cores } from "./cores.ts";
import { replay, type Question } from "./replay-client.ts";

/** One core is left to the page, and one to its run. */
const poolSize = (): number => Math.max(1, cores() - 2);

let asked = 0;
let open: Question<DrawnRun>[] = [];

function endAll(): void {
  asked++;
  for (const question of open) question.end();
  open = [];
}

/** Draws that every fitted model of the scenario has; a sentence where there are none. */
async function drawsAtHand(scenario: Scenario): Promise<number | string> {
  const found = await findProfiles(profilesOf(scenario));
  if ("hash" in found) return `${found.file} is not on this machine. Drop its file anywhere on the page.`;
  let least = Infinity;
  for (const { file, profile } of found)
    if ("fitted" in profile) {
      if (profile.fitted.draws === undefined)
        return `${file} has no draws: fit it again with intervals, or drop the file that was exported.`;
      least = Math.min(least, profile.fitted.draws.count);
    }
  return least;
}

/** What the draws so far say. */
function tell(runs: readonly DrawnRun[], phase: "running" | "done"): void {
  const some = runs.length > 1;
  useDrawsStore.setState({
    phase,
    done: runs.length,
    ...(some ? { report: drawsReport(runs.map(({ summary }) => summary)), overlay: overlayOf(bandsOf(runs)) } : {}),
  });
}

export async function startDraws(scenario: Scenario, count: number): Promise<void> {
  endAll();
  const id = asked;
  useDrawsStore.setState({ ...NO_DRAWS, phase: "running", scenario, wanted: count });
  try {
    const most = await drawsAtHand(scenario);
    if (id !== asked) return;
    if (typeof most === "string") return useDrawsStore.setState({ phase: "idle", error: most });
    const wanted = Math.min(count, most);
    useDrawsStore.setState({ wanted });
    const byDraw: DrawnRun[] = [];
    let next = 1;
    const work = async (): Promise<void> => {
      for (let draw = next++; draw <= wanted && id === asked; draw = next++) {
        const question = replay(
          scenario,
          () => undefined,
          (host, given, progress) => host.draw(scenario, given, draw, progress),
        );
        open.push(question);
        byDraw[draw] = await question.answer;
        if (id !== asked) return;
        tell(byDraw.filter(Boolean), "running");
      }
    };
    await Promise.all(Array.from({ length: Math.min(poolSize(), wanted) }, work));
    if (id === asked) tell(byDraw.filter(Boolean), "done");
  } catch (error) {
    if (id !== asked) return;
    endAll();
    useDrawsStore.setState({ phase: "cancelled", error: error instanceof Error ? error.message : String(error) });
  }
}

/** Stops at once; what has ended stays. */
export function cancelDraws(): void {
  endAll();
  useDrawsStore.setState({ phase: "cancelled" });
}
