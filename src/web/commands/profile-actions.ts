// Reading dropped profiles of operator times in the trace worker, keeping them on this machine, and giving them to the scenario.
import type { ProfileRef } from "../../engine/params.ts";
import type { ProfileOutcome } from "../../latency/profile/types.ts";
import { profilesOf, withProfile } from "../../scenario/profile-refs.ts";
import { connectTrace, proxy, type Connection } from "../rpc/client.ts";
import type { TraceHost } from "../rpc/protocol.ts";
import { restart } from "../rpc/run-control.ts";
import { tell } from "../state/dialog-store.ts";
import { forgetProfile, keepProfile, listProfiles } from "../state/profile-database.ts";
import { useProfileStore } from "../state/profile-store.ts";
import { useScenarioStore } from "../state/scenario-store.ts";
import { useTraceStore } from "../state/trace-store.ts";
import { counted } from "../ui/format.ts";

const UNCHANGED = "The latency model stays as it was.";

let connection: Connection<TraceHost> | null = null;
/** Files that are being read: another one that comes meanwhile belongs to them. */
let reading: readonly File[] = [];

function stop(): void {
  connection?.end();
  connection = null;
}

export function cancelProfile(): void {
  stop();
  reading = [];
}

/** The outcome; null when the reading was cancelled, or stopped with a sentence that has been told. */
async function outcomeOf(files: readonly File[], name: string): Promise<ProfileOutcome | null> {
  stop();
  reading = files;
  connection = connectTrace((why) => {
    connection = null;
    reading = [];
    useTraceStore.setState({ reading: null });
    tell({ kind: "error", title: `Reading ${name} stopped: ${why}.`, text: UNCHANGED });
  });
  const mine = connection;
  const total = files.reduce((sum, file) => sum + file.size, 0);
  useTraceStore.setState({ reading: { file: name, done: 0, total, rows: null }, outcome: null, file: null });
  try {
    return await mine.host.readProfile(
      files,
      proxy((done: number, all: number, file: string) => {
        if (connection === mine) useTraceStore.setState({ reading: { file, done, total: all, rows: null } });
      }),
    );
  } catch (error) {
    if (connection === mine)
      tell({
        kind: "error",
        title: `${name} could not be read.`,
        text: `${error instanceof Error ? error.message : String(error)} ${UNCHANGED}`,
      });
    return null;
  } finally {
    if (connection === mine) {
      useTraceStore.setState({ reading: null });
      cancelProfile();
    }
  }
}

/** Reads the files of one profile, with those that wait for the rest of theirs, and gives it to one pool or to all. */
export async function readProfileFiles(dropped: readonly File[], pool?: number): Promise<void> {
  tell(null);
  const { waiting } = useProfileStore.getState();
  // A file that is given again replaces the one that waits.
  const others = [...new Set([...waiting, ...reading])].filter((file) => !dropped.some(({ name }) => name === file.name));
  const files = [...others, ...dropped];
  const [{ name } = { name: "" }] = dropped;
  let outcome = await outcomeOf(files, name);
  let read = files;
  if (outcome?.ok === false && outcome.code === "refused" && others.length > 0) {
    // What waits may belong to another profile.
    outcome = await outcomeOf(dropped, name);
    read = [...dropped];
  }
  if (outcome === null || (!outcome.ok && outcome.code === "cancelled")) return;
  if (!outcome.ok) {
    const incomplete = outcome.code === "incomplete";
    if (incomplete) useProfileStore.setState({ waiting: read });
    tell({
      kind: incomplete ? "done" : "error",
      title: incomplete ? `${counted(read.length, "file")} of a profile read.` : `${name} was not taken.`,
      text: `${outcome.text} ${incomplete ? "Drop them now; what is here waits for them." : UNCHANGED}`,
    });
    return;
  }
  const { profile, report } = outcome;
  const stored = await keepProfile(profile, report);
  const listed = await listProfiles();
  const kept = listed.some(({ hash }) => hash === report.hash) ? listed : [{ hash: report.hash, file: report.file, report }, ...listed];
  useProfileStore.setState({ kept, waiting: [] });
  tell({
    kind: "done",
    title: `${report.file}: ${counted(report.tables.length, "table")} of operator times.`,
    text: stored ? "" : "They could not be kept for the next visit: the browser's storage is closed or full.",
  });
  giveProfile(report, pool);
}

/** Batches of the pool, or of all pools, take the times of this profile from now on; the same as --profile on the command line. */
export function giveProfile({ hash, file }: ProfileRef, pool?: number): void {
  const { scenario, change } = useScenarioStore.getState();
  // The files that a link asked for: the scenario already names them.
  if (pool === undefined && profilesOf(scenario).some((ref) => ref.hash === hash)) return restart();
  change((before) => withProfile(before, { hash, file }, pool));
}

export async function forget(hash: string): Promise<void> {
  await forgetProfile(hash);
  await loadKeptProfiles();
}

export async function loadKeptProfiles(): Promise<void> {
  useProfileStore.setState({ kept: await listProfiles() });
}
