// For tests: a command in this process, with what it printed.
import { vi } from "vitest";
import { goodput } from "./commands.ts";

export interface Ended {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/** One at a time: the streams are the process's own. */
export async function command(...words: readonly string[]): Promise<Ended> {
  const written = { stdout: "", stderr: "" };
  const spies = (["stdout", "stderr"] as const).map((name) =>
    vi.spyOn(process[name], "write").mockImplementation((text) => {
      written[name] += String(text);
      return true;
    }),
  );
  try {
    const status = await goodput(words);
    return { status, out: written.stdout, err: written.stderr };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}
