// Profile files for a command: read as streams, gzip or plain; a refusal becomes bad input.
import { readdirSync, statSync } from "node:fs";
import { open } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { readProfile } from "../latency/profile/read.ts";
import type { OperatorProfile, ProfileOutcome, ProfileReport } from "../latency/profile/types.ts";
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
  if (files.length === 0)
    throw new InputError(`${folder}: The folder has no .csv, .csv.gz or .profile file. Give a folder with the files of a profile.`);
  return files.map((name) => join(folder, name));
}

async function readTogether(files: readonly string[], name: string | undefined): Promise<ProfileOutcome> {
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
    return outcome;
  } finally {
    progress.clear();
    for (const handle of handles) await handle.close();
  }
}

/** All paths together, files and folders. */
function readPaths(paths: readonly string[]): Promise<ProfileOutcome> {
  const files = paths.flatMap((path) => (isFolder(path) ? filesOf(path) : [path]));
  return readTogether(files, paths.length === 1 && files[0] !== paths[0] ? basename(resolve(paths[0]!)) : undefined);
}

function demand(outcome: ProfileOutcome): Read {
  if (!outcome.ok) throw new InputError(outcome.text);
  return outcome;
}

/** One profile: files and folders together. */
export const readProfileFile = async (paths: readonly string[]): Promise<Read> => demand(await readPaths(paths));

/** A folder that holds a whole profile is one of its own; where one does not, all paths are one profile together. */
export async function readProfileFiles(paths: readonly string[]): Promise<readonly NamedProfile[]> {
  const loose = paths.filter((path) => !isFolder(path));
  const groups = [...paths.filter((path) => !loose.includes(path)).map((path) => [path]), ...(loose.length > 0 ? [loose] : [])];
  const read: NamedProfile[] = [];
  const add = ({ profile, report }: Read): number => read.push({ hash: report.hash, file: report.file, profile });
  for (const group of groups) {
    const outcome = await readPaths(group);
    if (!outcome.ok && outcome.code === "incomplete" && groups.length > 1) {
      add(await readProfileFile(paths));
      return read.slice(-1);
    }
    add(demand(outcome));
  }
  return read;
}
