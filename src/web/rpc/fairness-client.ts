// Asks the fairness worker about the run so far.
import { transfer } from "comlink";
import type { FairnessCurves, FairnessQuestion } from "../../analysis/fairness-curves.ts";
import type { RequestLog } from "../../engine/metrics/results.ts";
import { connect, type Connection } from "./client.ts";
import type { FairnessHost } from "./protocol.ts";

let connection: Connection<FairnessHost> | null = null;

/** Columns of its own: those of the run go on growing. */
function copied(log: RequestLog): { readonly log: RequestLog; readonly buffers: ArrayBuffer[] } {
  const buffers: ArrayBuffer[] = [];
  const columns = Object.fromEntries(
    (Object.keys(log) as (keyof RequestLog)[]).flatMap((key) => {
      const column = log[key];
      if (typeof column !== "object") return [];
      const own = column.slice(0, log.length);
      buffers.push(own.buffer);
      return [[key, own]];
    }),
  );
  return { log: { ...columns, length: log.length } as unknown as RequestLog, buffers };
}

/** Null where the worker died: the next question starts another one. */
export async function askFairness(question: FairnessQuestion): Promise<FairnessCurves | null> {
  let crashed: () => void = () => undefined;
  const crash = new Promise<null>((resolve) => (crashed = () => resolve(null)));
  connection ??= connect<FairnessHost>(
    new Worker(new URL("../../../workers/fairness.ts", import.meta.url), { type: "module", name: "fairness" }),
    () => {
      connection = null;
      crashed();
    },
  );
  const { log, buffers } = copied(question.requests);
  return Promise.race([connection.host.curves(transfer({ ...question, requests: log }, buffers)), crash]);
}
