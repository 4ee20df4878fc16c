// The sweep's side of the queue: a pool whose runs are done by whoever listens.
import { randomUUID } from "node:crypto";
import { Queue, QueueEvents } from "bullmq";
import type { SweepFiles } from "../../analysis/sweep-host.ts";
import { readRow } from "../../analysis/sweep-rows.ts";
import { runId } from "../../analysis/run-id.ts";
import type { MeasuredAnswer } from "../../analysis/types.ts";
import type { RunPool } from "../run-pool.ts";
import { connectRedis } from "./connect.ts";
import { KEPT_SECONDS, MOST_DEATHS, QUEUE } from "./names.ts";
import type { QueuedRun } from "./names.ts";
import { storeFiles } from "./run-files.ts";

/** Runs that stand in the queue at once: enough for every worker to find one, few enough to take back when the sweep is stopped. */
const AHEAD = 128;

interface Waiting {
  readonly resolve: (answer: MeasuredAnswer) => void;
  readonly reject: (error: Error) => void;
}

/** Rejects with one sentence when the server does not answer. */
export async function openQueuePool(url: string, files: SweepFiles): Promise<RunPool> {
  const redis = await connectRedis(url, `--queue ${url}`);
  const hash = await storeFiles(redis, files);
  const queue = new Queue<QueuedRun, string>(QUEUE, {
    connection: redis,
    defaultJobOptions: { attempts: 1, removeOnComplete: { age: KEPT_SECONDS }, removeOnFail: { age: KEPT_SECONDS } },
  });
  // BullMQ closes no connection that it was given.
  const listening = redis.duplicate();
  const events = new QueueEvents(QUEUE, { connection: listening });
  // Two sweeps of the same scenarios do not share jobs: one that is stopped takes its own back.
  const token = randomUUID();
  const waiting = new Map<string, Waiting>();
  const settle = (job: string, act: (one: Waiting) => void): void => {
    const one = waiting.get(job);
    // An answer counts once, whoever else sends one.
    if (one === undefined || !waiting.delete(job)) return;
    act(one);
    // It is here now: the server need not keep it.
    void queue.remove(job).catch(() => undefined);
  };
  events.on("completed", ({ jobId, returnvalue }) =>
    settle(jobId, ({ resolve, reject }) => {
      const row = readRow(JSON.parse(String(returnvalue)));
      if (row === null) reject(new Error("A worker sent what is no row of this version of the engine."));
      else resolve(row.answer);
    }),
  );
  events.on("failed", ({ jobId, failedReason }) =>
    settle(jobId, ({ reject }) =>
      reject(
        new Error(
          failedReason.includes("stalled")
            ? `${MOST_DEATHS + 1} workers died over one run.`
            : `A worker could not do a run: ${failedReason}`,
        ),
      ),
    ),
  );
  await events.waitUntilReady();
  return {
    // Each has two lanes in a sweep.
    jobs: AHEAD / 2,
    run: (scenario, measure) =>
      new Promise((resolve, reject) => {
        const id = runId(scenario);
        const job = `${token}-${id}`;
        // The same scenario may be asked for again, with another measure, once the first answer is here.
        waiting.set(job, { resolve, reject });
        queue
          .add("run", { id, scenario, files: hash, ...(measure === undefined ? {} : { measure }) }, { jobId: job })
          .catch((error: unknown) => settle(job, (one) => one.reject(error instanceof Error ? error : new Error(String(error)))));
      }),
    pids: () => [],
    close: () => {
      const left = [...waiting.entries()];
      waiting.clear();
      for (const [, { reject }] of left) reject(new Error("The pool was closed."));
      // Runs that nobody has begun are taken back; one that is under way ends, and its answer is not looked at.
      void Promise.allSettled(left.map(([job]) => queue.remove(job)))
        .then(() => Promise.allSettled([events.close(), queue.close()]))
        .then(() => {
          listening.disconnect();
          redis.disconnect();
        });
    },
  };
}
