// Runs of a sweep in processes of their own, one per core.
import { fork } from "node:child_process";
import { once } from "node:events";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import type { PlannedRun } from "../analysis/experiment.ts";
import type { SweepAnswer, SweepFiles } from "../analysis/sweep-host.ts";
import type { ChildMessage } from "./sweep-child.ts";

const ENTRY = fileURLToPath(new URL("./sweep-child.ts", import.meta.url));

export const processesFor = (runs: number): number => Math.min(runs, availableParallelism());

/** A process takes runs from the queue until it is empty; `take` empties it by answering false. */
async function work(queue: PlannedRun[], files: SweepFiles, take: (run: PlannedRun, answer: SweepAnswer) => boolean): Promise<void> {
  // Sources are TypeScript there as here. Columns keep their types on the way.
  const child = fork(ENTRY, { execArgv: ["--import", "tsx"], serialization: "advanced", stdio: ["ignore", "ignore", "inherit", "ipc"] });
  const died = once(child, "exit").then(([status]: unknown[]): never => {
    throw new Error(`A process of the sweep ended with status ${String(status)} before its run did.`);
  });
  // The end that is asked for below is no error.
  died.catch(() => undefined);
  const send = (message: ChildMessage): void => void child.send(message);
  try {
    send({ files });
    for (let run = queue.shift(); run !== undefined; run = queue.shift()) {
      send({ scenario: run.scenario });
      const [answer] = (await Promise.race([once(child, "message"), died])) as [SweepAnswer];
      if (!take(run, answer)) queue.length = 0;
    }
  } finally {
    child.kill();
  }
}

/** All runs, unless `take` answers false. */
export async function runInProcesses(
  runs: readonly PlannedRun[],
  files: SweepFiles,
  take: (run: PlannedRun, answer: SweepAnswer) => boolean,
): Promise<void> {
  const queue = [...runs];
  await Promise.all(Array.from({ length: processesFor(queue.length) }, () => work(queue, files, take)));
}
