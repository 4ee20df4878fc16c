// Files that a person drops or chooses: a scenario, a trace, or a profile of operator times. Each says by its content what it is.
import { HEAD_BYTES } from "../../latency/profile/read.ts";
import { looksLikeProfile } from "../../latency/profile/sniff.ts";
import { openBytes } from "../../workload/formats/bytes.ts";
import { tell } from "../state/dialog-store.ts";
import { readProfileFiles } from "./profile-actions.ts";
import { importScenario } from "./scenario-actions.ts";
import { looksLikeScenario, readTrace } from "./trace-actions.ts";

async function isProfile(file: File): Promise<boolean> {
  try {
    for await (const chunk of openBytes(file.stream(), HEAD_BYTES).chunks) return looksLikeProfile(chunk.subarray(0, HEAD_BYTES));
  } catch {
    // Damaged gzip: the reader of traces says so.
  }
  return false;
}

export async function openFiles(files: readonly File[]): Promise<void> {
  const [first] = files;
  if (first === undefined) return;
  if (files.length === 1 && (await looksLikeScenario(first))) return importScenario(first);
  const profiles = await Promise.all(files.map(isProfile));
  if (profiles.every(Boolean)) return readProfileFiles(files);
  const other = files[profiles.indexOf(false)]!;
  if (files.length === 1) return readTrace(other);
  tell({
    kind: "error",
    title: `${other.name} is not part of a profile.`,
    text: "Several files at once are the tables of one profile; drop a trace or a scenario alone. Everything stays as it was.",
  });
}
