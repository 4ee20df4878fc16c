// Files of a run, written whole or not at all: into a temporary folder on the same disk, then renamed.
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { InputError, systemReason } from "./input-error.ts";

export interface NamedFile {
  readonly name: string;
  readonly chunks: () => Iterable<string>;
}

export interface OutFolder {
  write(files: readonly NamedFile[]): void;
  /** Removes what has been written and not published. Harmless after write(). */
  discard(): void;
}

/** Step by step: mkdir's own recursive mode never ends where a file system answers ENOENT for a child of a folder that is there (/proc on Linux). */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path);
}

/** Opens the folder before the work starts, so that a folder that cannot be written to is known at once. */
export function openOutFolder(given: string, flag = "--out"): OutFolder {
  const target = resolve(given);
  const exists = existsSync(target);
  let temporary: string;
  try {
    if (exists && !statSync(target).isDirectory()) throw new InputError(`${flag} ${given}: It is a file. Give the name of a folder.`);
    makeFolder(dirname(target));
    // Beside a folder that is to be made, inside one that is there: on the same disk in both cases, so that renaming is one step.
    temporary = mkdtempSync(exists ? join(target, ".goodput-") : join(dirname(target), `.${basename(target)}-`));
    // mkdtemp gives a folder for its owner alone; this one will be the person's.
    chmodSync(temporary, 0o777 & ~process.umask());
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`${flag} ${given}: The folder cannot be written to: ${systemReason(error)}. Give a folder that you may write to.`);
  }
  const remove = (): void => rmSync(temporary, { recursive: true, force: true });
  // Interrupted: leave nothing behind, and end with the status that shells expect (128 + the signal's number).
  const interrupt = (signal: NodeJS.Signals): void => {
    remove();
    process.exit(signal === "SIGINT" ? 130 : 143);
  };
  process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
  const discard = (): void => {
    remove();
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
  };
  const write = (files: readonly NamedFile[]): void => {
    try {
      for (const file of files) {
        const handle = openSync(join(temporary, file.name), "w");
        try {
          for (const chunk of file.chunks()) writeSync(handle, chunk);
        } finally {
          closeSync(handle);
        }
      }
      if (!exists && !existsSync(target)) renameSync(temporary, target);
      else for (const name of readdirSync(temporary)) renameSync(join(temporary, name), join(target, name));
    } catch (error) {
      if ((error as { code?: unknown } | null)?.code === undefined) throw error;
      throw new InputError(`${flag} ${given}: Nothing was written: ${systemReason(error)}. Give a folder with room that you may write to.`);
    } finally {
      discard();
    }
  };
  return { write, discard };
}

export interface OutFile {
  write(chunks: () => Iterable<string>): void;
  discard(): void;
}

/** The same for a single file. */
export function openOutFile(given: string, flag: string): OutFile {
  const target = resolve(given);
  if (existsSync(target) && statSync(target).isDirectory())
    throw new InputError(`${flag} ${given}: It is a folder. Give the name of a file.`);
  const folder = openOutFolder(dirname(target), flag);
  return { write: (chunks) => folder.write([{ name: basename(target), chunks }]), discard: () => folder.discard() };
}
