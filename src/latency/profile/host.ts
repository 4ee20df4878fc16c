// Reading a profile for the page: progress at most ten times a second, columns to be transferred.
import { readProfile } from "./read.ts";
import type { OperatorProfile, ProfileOutcome } from "./types.ts";

/** What is read of a File. */
export interface FileLike {
  readonly name: string;
  readonly size: number;
  stream(): ReadableStream<Uint8Array>;
}

const PROGRESS_MS = 100;

/** `now` gives milliseconds of a steady clock. */
export function readProfileFiles(
  files: readonly FileLike[],
  onProgress: (done: number, total: number, file: string) => void,
  now: () => number,
): Promise<ProfileOutcome> {
  let told = -Infinity;
  return readProfile(
    files.map((file) => ({ file: file.name, stream: file.stream(), bytes: file.size })),
    {
      onProgress: (done, total, file) => {
        if (done < total && now() - told < PROGRESS_MS) return;
        told = now();
        onProgress(done, total, file);
      },
    },
  );
}

/** Buffers of a profile, to move it between threads instead of copying. */
export const profileBuffers = ({ tables }: OperatorProfile): ArrayBuffer[] =>
  tables.flatMap(({ columns }) => Object.values(columns).map((column) => column.buffer as ArrayBuffer));
