// One file that a command writes: never over one that is there.
import { writeFileSync } from "node:fs";
import { InputError, systemReason } from "./input-error.ts";

/** `flag`: the one that named the file. */
export function writeNewFile(path: string, content: string | Uint8Array, flag = "--out"): void {
  try {
    writeFileSync(path, content, { flag: "wx" });
  } catch (error) {
    throw new InputError(`${flag} ${path}: It cannot be written: ${systemReason(error)}. Give the name of a file that is not there yet.`);
  }
}
