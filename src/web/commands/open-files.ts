// Files that a person drops or chooses: a scenario, a trace, a profile of operator times, a fitted model, or measured batches. Each says by its content what it is.
import { HEAD_BYTES } from "../../latency/profile/read.ts";
import { looksLikeProfile } from "../../latency/profile/sniff.ts";
import { looksMeasured } from "../../latency/fit/sniff.ts";
import { openBytes } from "../../workload/formats/bytes.ts";
import { tell } from "../state/dialog-store.ts";
import { readProfileFiles } from "./profile-actions.ts";
import { importScenario, openScreen } from "./scenario-actions.ts";
import { looksLikeScenario, readTrace } from "./trace-actions.ts";

/** The first bytes, unpacked; none of damaged gzip, of which the reader of traces speaks. */
async function headOf(file: File): Promise<Uint8Array> {
  try {
    for await (const chunk of openBytes(file.stream(), HEAD_BYTES).chunks) return chunk.subarray(0, HEAD_BYTES);
  } catch {
    // Left to the reader.
  }
  return new Uint8Array();
}

async function readMeasurements(file: File): Promise<void> {
  openScreen("models");
  tell(null);
  await (await import("../rpc/fit-control.ts")).readMeasured(file);
}

export async function openFiles(files: readonly File[]): Promise<void> {
  const [first] = files;
  if (first === undefined) return;
  // A fitted model is JSON as a scenario is: its first bytes say so.
  const heads = await Promise.all(files.map(headOf));
  const profiles = heads.map(looksLikeProfile);
  if (profiles.every(Boolean)) return readProfileFiles(files);
  if (files.length === 1 && (await looksLikeScenario(first))) return importScenario(first);
  if (files.length === 1 && looksMeasured(new TextDecoder().decode(heads[0]))) return readMeasurements(first);
  const other = files[profiles.indexOf(false)]!;
  if (files.length === 1) return readTrace(other);
  tell({
    kind: "error",
    title: `${other.name} is not part of a profile.`,
    text: "Several files at once are the tables of one profile; drop a trace or a scenario alone. Everything stays as it was.",
  });
}
