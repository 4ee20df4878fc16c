// Bad input: one sentence for the person who typed it. main.ts prints it and exits with status 2.
export class InputError extends Error {}

/** A sentence for a failure of the operating system. */
export function systemReason(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  switch (code) {
    case "ENOENT":
      return "there is no such file or folder";
    case "EACCES":
    case "EPERM":
      return "you may not read or write it";
    case "EISDIR":
      return "it is a folder";
    case "ENOTDIR":
      return "a part of the path is a file, not a folder";
    case "EEXIST":
      return "there is a file of that name";
    case "ENOSPC":
      return "the disk is full";
    case "EROFS":
      return "the disk is read-only";
    default:
      return error instanceof Error ? error.message : String(error);
  }
}
