// Asks the replay worker one question about a run; the worker ends with the answer, or when the caller no longer wants it.
import { profilesOf } from "../../scenario/profile-refs.ts";
import type { RunPosition } from "../../scenario/session-types.ts";
import type { Scenario } from "../../scenario/types.ts";
import { findProfiles } from "../state/profile-database.ts";
import { findTrace } from "../state/trace-database.ts";
import { connect, proxy, type Connection } from "./client.ts";
import type { ReplayFiles, ReplayHost } from "./protocol.ts";
import { runHost } from "./run-control.ts";

const connectReplay = (onCrash: (why: string) => void): Connection<ReplayHost> =>
  connect(new Worker(new URL("../../../workers/replay.ts", import.meta.url), { type: "module", name: "replay" }), onCrash);

export interface Question<Answer> {
  readonly answer: Promise<Answer>;
  /** Ends the work; the answer never comes. */
  end(): void;
}

/** The files that the scenario names, from the browser's database. */
async function filesFor(scenario: Scenario): Promise<ReplayFiles> {
  const { source } = scenario.traffic;
  const trace = source.kind === "trace" ? await findTrace(source.hash) : null;
  if (source.kind === "trace" && trace === null) throw new Error(`The trace ${source.file} is not on this machine. Open that file first.`);
  const profiles = await findProfiles(profilesOf(scenario));
  if ("hash" in profiles) throw new Error(`The profile ${profiles.file} is not on this machine. Open its files first.`);
  return { trace, profiles };
}

/** `ask` gets the worker, the files that the scenario names, and a function to pass on for progress. */
export function replay<Answer>(
  scenario: Scenario,
  onProgress: (share: number) => void,
  ask: (host: ReplayHost, given: ReplayFiles, progress: (share: number) => void) => Promise<Answer>,
): Question<Answer> {
  let connection: Connection<ReplayHost> | null = null;
  // Progress comes on a channel of its own: some of it after the answer.
  let over = false;
  const tell = (share: number): void => {
    if (!over) onProgress(share);
  };
  const end = (): void => {
    over = true;
    connection?.end();
  };
  const work = async (): Promise<Answer> => {
    const given = await filesFor(scenario);
    if (over) throw new Error("Nobody waits for the answer.");
    try {
      return await new Promise<Answer>((resolve, reject) => {
        connection = connectReplay((why) => reject(new Error(`The second run stopped: ${why}.`)));
        ask(connection.host as unknown as ReplayHost, given, proxy(tell)).then(resolve, reject);
      });
    } finally {
      end();
    }
  };
  return { answer: work(), end };
}

/** Where the run on the page stands; null while there is none (the recorded run is none). */
export async function runPosition(): Promise<RunPosition | null> {
  return (await runHost()?.position()) ?? null;
}
