// Profile files for a command: read as streams, gzip or plain; a refusal becomes bad input.
import { readdirSync, statSync } from "node:fs";
import { open } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { readProfile } from "../latency/profile/read.ts";
import type { OperatorProfile, ProfileReport } from "../latency/profile/types.ts";
import type { NamedProfile } from "../scenario/profiles.ts";
import { figure } from "./format.ts";
import { InputError, systemReason } from "./input-error.ts";
import { progressLine } from "./progress.ts";

interface Read {
  readonly profile: OperatorProfile;
  readonly report: ProfileReport;
}

const cannot = (file: string, reason: string): InputError =>
  new InputError(`${file}: It cannot be read: ${reason}. Give the file of a profile, or a folder of them.`);

const isFolder = (path: string): boolean => {
  try {
    return statSync(path).isDirectory();
  } catch (error) {
    throw cannot(path, systemReason(error));
  }
};

/** The tables in a folder; other files may stand beside them. */
function filesOf(folder: string): string[] {
  const files = readdirSync(folder)
    .filter((name) => /\.(csv|profile)(\.gz)?$/i.test(name))
    .sort();
  if (files.length === 0) throw new InputError(`${folder}: The folder has no .csv, .csv.gz or .profile file. Give a folder with the files of a profile.`);
  return files.map((name) => join(folder, name));
}

async function readOne(files: readonly string[], name: string | undefined): Promise<Read> {
  const handles = [];
  const progress = progressLine();
  try {
    for (const file of files)
      handles.push(
        await open(file).catch((error: unknown) => {
          throw cannot(file, systemReason(error));
        }),
      );
    const inputs = [];
    for (const [i, handle] of handles.entries()) {
      const { size } = await handle.stat();
      inputs.push({ file: basename(files[i]!), stream: handle.createReadStream({ autoClose: false }), bytes: size });
    }
    const outcome = await readProfile(
      inputs,
      { onProgress: (done, total, file) => progress.text(`${file}: ${figure((100 * done) / total)} % read`) },
      name,
    );
    progress.clear();
    if (!outcome.ok) throw new InputError(outcome.text);
    return outcome;
  } finally {
    progress.clear();
    for (const handle of handles) await handle.close();
  }
}

/** One profile: loose files together, or the files of one folder. */
export async function readProfileFile(paths: readonly string[]): Promise<Read> {
  const folders = paths.filter(isFolder);
  const files = paths.flatMap((path) => (folders.includes(path) ? filesOf(path) : [path]));
  return readOne(files, folders.length === 1 && paths.length === 1 ? basename(resolve(paths[0]!)) : undefined);
}

/** Every folder is a profile of its own; the other files are one together. */
export async function readProfileFiles(paths: readonly string[]): Promise<readonly NamedProfile[]> {
  const loose = paths.filter((path) => !isFolder(path));
  const groups = [...paths.filter((path) => !loose.includes(path)).map((path) => [path]), ...(loose.length > 0 ? [loose] : [])];
  const read: NamedProfile[] = [];
  for (const group of groups) {
    const { profile, report } = await readProfileFile(group);
    read.push({ hash: report.hash, file: report.file, profile });
  }
  return read;
}
