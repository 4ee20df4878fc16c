// goodput worker URL: takes runs from the queue until it is told to stop.
import { Worker } from "bullmq";
import { createSweepRunner } from "../../analysis/sweep-host.ts";
import type { SweepRunner } from "../../analysis/sweep-host.ts";
import { rowText } from "../../analysis/sweep-rows.ts";
import { interruptible } from "../interrupt.ts";
import { connectRedis } from "./connect.ts";
import { LOCK_MS, LOOK_MS, MOST_DEATHS, QUEUE } from "./names.ts";
import type { QueuedRun } from "./names.ts";
import { fetchFiles } from "./run-files.ts";

/** Lets the lock of the run be renewed. */
const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Until the process is interrupted: a run that is under way is done to its end first; a second interrupt ends at once. */
export async function worker(url: string): Promise<void> {
  const redis = await connectRedis(url, url);
  /** One runner per set of files, of which a sweep has one. */
  let ready: { readonly files: string | null; readonly runner: SweepRunner } | null = null;
  const runnerFor = async (files: string | null): Promise<SweepRunner> => {
    if (ready === null || ready.files !== files) {
      const runner = createSweepRunner();
      await runner.useFiles(await fetchFiles(redis, files));
      ready = { files, runner };
    }
    return ready.runner;
  };
  let done = 0;
  // BullMQ closes no connection that it was given.
  const taking = redis.duplicate();
  const worker = new Worker<QueuedRun, string>(
    QUEUE,
    async ({ data: { id, scenario, measure, files } }) => {
      const runner = await runnerFor(files);
      return rowText(id, await runner.run(scenario, measure, breathe));
    },
    { connection: taking, concurrency: 1, lockDuration: LOCK_MS, stalledInterval: LOOK_MS, maxStalledCount: MOST_DEATHS },
  );
  worker.on("completed", () => void done++);
  // A server that goes away and comes back; BullMQ waits for it.
  worker.on("error", (error) => process.stderr.write(`${error.message}\n`));
  const interrupt = interruptible();
  await worker.waitUntilReady();
  process.stderr.write(`Listening at ${url}. Stop with Ctrl C.\n`);
  await new Promise<void>((resolve) => interrupt.signal.addEventListener("abort", () => resolve(), { once: true }));
  interrupt.end();
  await worker.close();
  taking.disconnect();
  redis.disconnect();
  process.stderr.write(`${done} runs done.\n`);
}
