// A conformance suite: replays a folder of reference results through the product and compares.

/** Reports one case: `detail` is the figure that was compared, or what differs. */
export type Report = (name: string, ok: boolean, detail: string) => void;

export interface Suite {
  readonly id: string;
  /** One sentence: what is compared, and with which tolerance and why. */
  readonly about: string;
  /** False for suites that need no folder (identity). */
  readonly needsFolder: boolean;
  /** Runs every case found in the folder. A case that cannot be run is reported as failed. */
  run(folder: string, report: Report): Promise<void>;
}
