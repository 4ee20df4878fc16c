// A conformance suite: replays a folder of reference results through the product and compares.

/** Reports one case: `detail` is the figure that was compared, or what differs. */
export type Report = (name: string, ok: boolean, detail: string) => void;

/** A line beside the cases, which counts for nothing: what was left out and why, single runs. */
export type Note = (text: string) => void;

export interface Suite {
  readonly id: string;
  /** One sentence: what is compared, and with which tolerance and why. */
  readonly about: string;
  /** False for suites that need no folder (identity). */
  readonly needsFolder: boolean;
  /** Runs every case found in the folder. A case that cannot be run is reported as failed. */
  run(folder: string, report: Report, note: Note): Promise<void>;
}

/** Runs a case, or several under one name: what stops it is a failure. */
export async function attempt(name: string, report: Report, run: () => void | Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    report(name, false, error instanceof Error ? error.message : String(error));
  }
}
